import Gossip

extension World {
    /// Puts a packet on the wire: it may be lost, late or doubled.
    mutating func send(_ pending: Pending, from: Int, to: Int) {
        guard from == to || blocked[from * count + to] == 0, !chance(network.lossPerMille) else { return }
        post(now + delay(), pending)
        if chance(network.duplicatePerMille) {
            post(now + delay() + delay(), pending)
        }
    }

    /// A datagram may be blocked where other packets pass, and may be changed on the way.
    mutating func sendDatagram(_ datagram: Datagram, from: Int, to: Int) {
        guard blockedUDP[from * count + to] == 0 else { return }
        if chance(network.corruptPerMille) { return corrupt(datagram) }
        send(.datagram(datagram, from: from, to: to), from: from, to: to)
    }

    /// A changed datagram fails the receiver's check of the tag, which is not simulated. Its bytes go through the decoder all the
    /// same, which must refuse them or read something else, and never crash.
    private mutating func corrupt(_ datagram: Datagram) {
        var bytes = DatagramCodec.encode(datagram, keyID: 0, fleetTag: 0, sequence: 1)
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            bytes[place] = UInt8.random(in: 0...255, using: &generator)
        }
        if Bool.random(using: &generator) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator)) }
        if let envelope = try? Envelope(decoding: bytes, versions: 1...15) {
            outcome.corrupted += (try? DatagramCodec.decode(bytes, envelope: envelope)) == nil ? 0 : 1
        }
    }

    /// True so many times in a thousand.
    mutating func chance(_ perMille: Int) -> Bool {
        perMille > 0 && Int.random(in: 0..<1_000, using: &generator) < perMille
    }

    mutating func delay() -> Int64 {
        let usual = network.delayMicroseconds * 1_000
        let base = Int64.random(in: usual / 5...max(usual / 5, usual), using: &generator)
        guard chance(network.tailPerMille) else { return base }
        // The product of two: most are short, a few reach the end.
        let first = Int64.random(in: 0...1_000_000, using: &generator)
        let second = Int64.random(in: 0...1_000_000, using: &generator)
        return base + network.tailMicroseconds * first / 1_000_000 * second / 1_000
    }

    /// One way of a TCP exchange. Nothing is lost for good, but what is lost is sent again after 0.2, 0.4, 0.8 … s.
    mutating func reliableDelay() -> Int64 {
        var sum = delay()
        var pause: Int64 = 200_000_000
        while pause < 7_000_000_000, chance(network.lossPerMille) {
            sum += pause
            pause *= 2
        }
        return sum
    }

    /// No TCP exchange between the two: it needs both directions.
    func isCut(_ a: Int, _ b: Int) -> Bool { blocked[a * count + b] > 0 || blocked[b * count + a] > 0 }

    /// A datagram inside a peer link.
    mutating func tunnel(_ datagram: Datagram, from: Int, to: Int, isAnswer: Bool) {
        outcome.tunnelled += 1
        if isCut(from, to) {
            guard !isAnswer else { return }
            post(now + 2_000_000_000, .tunnelFailed(peers[to].endpoint, at: from, generation: peers[from].session))
        } else {
            post(now + reliableDelay(), .tunnelled(datagram, from: from, to: to, isAnswer: isAnswer))
        }
    }

    mutating func leaveTunnel(_ datagram: Datagram, from: Int, to: Int, isAnswer: Bool) {
        guard !isCut(from, to), peers[to].state == .running, !peers[to].stopping else {
            guard !isAnswer else { return }
            let refused = peers[to].state == .down && !isCut(from, to)
            post(
                now + (refused ? delay() : 2_000_000_000),
                .tunnelFailed(peers[to].endpoint, at: from, generation: peers[from].session))
            return
        }
        answering = isAnswer ? nil : from
        deliver(.tunnelled(datagram, from: peers[from].endpoint), to: to)
        answering = nil
    }

    private static let exchangeTimeout: Int64 = 5_000_000_000

    /// A TCP exchange: it needs both directions, at both ends of its time.
    mutating func beginSync(_ place: Int, with endpoint: Endpoint, _ local: Instant) {
        let generation = peers[place].session
        guard let target = SimulatedPeer.place(endpoint), target < count, !isCut(place, target),
            peers[target].state != .asleep, peers[target].state != .frozen,
            let half = peers[place].core?.syncOpening(to: endpoint, now: local)
        else {
            post(now + 2_000_000_000, .syncFailed(endpoint, at: place, generation: generation))
            return
        }
        // The handshake, then the request; nobody waits for longer than five seconds.
        let delay = reliableDelay() + reliableDelay()
        guard delay < Self.exchangeTimeout else {
            return post(now + Self.exchangeTimeout, .syncFailed(endpoint, at: place, generation: generation))
        }
        post(now + delay, .syncRequest(half, from: place, generation: generation, to: target))
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
        let delay = reliableDelay()
        guard delay < Self.exchangeTimeout else {
            return post(now + Self.exchangeTimeout, .syncFailed(endpoint, at: from, generation: generation))
        }
        post(now + delay, .syncAnswer(answer, from: target, to: from, generation: generation))
    }

    /// Every sixteenth datagram goes through the codec: it must fit and come back as it was.
    mutating func checkWire(_ datagram: Datagram, of place: Int) {
        peers[place].sequence += 1
        guard peers[place].sequence % 16 == 0 else { return }
        let bytes = DatagramCodec.encode(datagram, keyID: 0, fleetTag: 0, sequence: peers[place].sequence)
        if bytes.count + Envelope.tagByteCount > Datagram.maximumBytes {
            checker.report(.wire, "a datagram of \(bytes.count) bytes")
        }
        let decoded = try? DatagramCodec.decode(bytes, envelope: Envelope(decoding: bytes, versions: 1...15))
        if decoded != datagram {
            checker.report(.wire, "\(datagram) comes back as \(String(describing: decoded))")
        }
    }
}
