import Gossip

extension World {
    /// Puts a packet on the wire: it may be lost, late or doubled.
    mutating func send(_ content: Pending, from: Int, to: Int) {
        guard from == to || blocked[from * count + to] == 0, !chance(network.lossPerMille) else { return }
        post(now + delay(), content)
        if chance(network.duplicatePerMille) {
            post(now + delay() + delay(), content)
        }
    }

    /// True so many times in a thousand.
    mutating func chance(_ perMille: Int) -> Bool {
        perMille > 0 && Int.random(in: 0..<1_000, using: &generator) < perMille
    }

    private mutating func delay() -> Int64 {
        let usual = network.delayMicroseconds * 1_000
        let base = Int64.random(in: usual / 5...usual, using: &generator)
        guard chance(network.tailPerMille) else { return base }
        return base + Int64.random(in: 0...network.tailMicroseconds * 1_000, using: &generator)
    }

    private func isCut(_ a: Int, _ b: Int) -> Bool { blocked[a * count + b] > 0 || blocked[b * count + a] > 0 }

    /// A TCP exchange: no loss, but it needs both directions, at both ends of its time.
    mutating func beginSync(_ place: Int, with endpoint: Endpoint, _ local: Instant) {
        let generation = peers[place].generation
        guard let target = SimulatedPeer.place(endpoint), target < count, !isCut(place, target),
            peers[target].state != .asleep, let half = peers[place].core?.syncOpening(to: endpoint, now: local)
        else {
            post(now + 2_000_000_000, .syncFailed(endpoint, at: place, generation: generation))
            return
        }
        post(now + 2 * delay(), .syncRequest(half, from: place, generation: generation, to: target))
    }

    mutating func answerSync(_ half: SyncMessage, from: Int, generation: UInt32, to target: Int) {
        let endpoint = peers[target].endpoint
        guard !isCut(from, target), peers[target].state == .running else {
            let refused = peers[target].state == .down && !isCut(from, target)
            post(now + (refused ? delay() : 2_000_000_000), .syncFailed(endpoint, at: from, generation: generation))
            return
        }
        let answer = peers[target].core?.syncAnswer(to: half, now: peers[target].clock.local(now))
        deliver(.synced(half, from: peers[from].endpoint), to: target)
        guard let answer, peers[target].state == .running else {
            post(now + delay(), .syncFailed(endpoint, at: from, generation: generation))
            return
        }
        post(now + delay(), .syncAnswer(answer, from: target, to: from, generation: generation))
    }

    /// A datagram inside a peer link: like a TCP exchange, no loss, but both directions are needed.
    mutating func beginTunnel(_ datagram: Datagram, from place: Int, to endpoint: Endpoint) {
        let generation = peers[place].generation
        guard let target = SimulatedPeer.place(endpoint), target < count, !isCut(place, target), peers[target].state != .asleep
        else {
            post(now + 2_000_000_000, .tunnelFailed(endpoint, at: place, generation: generation))
            return
        }
        post(now + 2 * delay(), .tunnelled(datagram, from: place, generation: generation, to: target))
    }

    mutating func endTunnel(_ datagram: Datagram, from place: Int, generation: UInt32, to target: Int) {
        guard !isCut(place, target), peers[target].state == .running else {
            let refused = peers[target].state == .down && !isCut(place, target)
            let endpoint = peers[target].endpoint
            post(now + (refused ? delay() : 2_000_000_000), .tunnelFailed(endpoint, at: place, generation: generation))
            return
        }
        deliver(.tunnelled(datagram, from: peers[place].endpoint), to: target)
    }

    /// A peer's own reports change now and then.
    mutating func report(_ place: Int) {
        post(now + Int64.random(in: 100_000_000..<3_000_000_000, using: &generator), .report(place))
        guard peers[place].state == .running, !peers[place].stopping else { return }
        peers[place].inFlight = UInt16.random(in: 0...9, using: &generator)
        if chance(200) { peers[place].models = [UInt8.random(in: 0...255, using: &generator)] }
        publish(place)
    }

    /// Tells the rules what the peer reports of itself now.
    mutating func publish(_ place: Int) {
        guard peers[place].state == .running, !peers[place].stopping else { return }
        var hot = HotReport()
        hot.inFlight = peers[place].inFlight
        deliver(.hot(hot), to: place)
        deliver(.cold(.models, payload: peers[place].models), to: place)
    }

    /// Every sixteenth datagram goes through the codec: it must fit and come back as it was.
    mutating func checkWire(_ datagram: Datagram, of place: Int) {
        peers[place].sequence += 1
        guard peers[place].sequence % 16 == 0 else { return }
        let bytes = DatagramCodec.encode(datagram, keyID: 0, fleetTag: 0, sequence: peers[place].sequence)
        if bytes.count + Envelope.tagByteCount > Datagram.maximumBytes {
            checker.report(.wire, "a datagram of \(bytes.count) bytes")
        }
        let decoded = try? DatagramCodec.decode(bytes, envelope: Envelope(decoding: bytes))
        if decoded != datagram {
            checker.report(.wire, "\(datagram) comes back as \(String(describing: decoded))")
        }
    }

    /// Commands from whoever thinks it is router, checked or not: the fence at the target must hold without the check.
    mutating func issueCommand() {
        let gap = Int64.random(in: 20_000_000..<250_000_000, using: &generator)
        post(now + gap, .issueCommand)
        let place = Int.random(in: 0..<count, using: &generator)
        let target = Int.random(in: 0..<count, using: &generator)
        guard peers[place].state == .running, let core = peers[place].core,
            let epoch = peers[place].facts.heldEpoch
        else { return }
        let local = peers[place].clock.local(now)
        let careful = Bool.random(using: &generator)
        guard !careful || core.validUntil(peers[target].id, now: local) != nil else { return }
        send(.command(epoch: epoch, router: peers[place].id, to: target), from: place, to: target)
    }

    mutating func receiveCommand(epoch: UInt64, router: PeerID, at target: Int) {
        guard peers[target].state == .running, let core = peers[target].core else { return }
        digest.add(epoch)
        if core.admits(epoch: epoch, router: router, now: peers[target].clock.local(now)) {
            checker.time = now
            checker.admitted(epoch: epoch, router: router, at: target)
            outcome.admitted += 1
        } else {
            outcome.refused += 1
        }
    }
}
