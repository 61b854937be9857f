import Gossip

extension World {
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
        peers[place].missedReport = peers[place].state != .running
        guard peers[place].state == .running, !peers[place].stopping else { return }
        var hot = HotReport()
        hot.inFlight = peers[place].inFlight
        hot.draining = peers[place].draining
        hot.memoryAvailableMiB = 65_536
        deliver(.hot(hot), to: place)
        deliver(.cold(.models, payload: peers[place].models), to: place)
    }

    /// Commands from whoever thinks it is router, checked or not: the fence at the target must hold without the check.
    mutating func issueCommand() {
        let gap = Int64.random(in: 20_000_000..<250_000_000, using: &generator)
        post(now + gap, .issueCommand)
        let place = Int.random(in: 0..<count, using: &generator)
        let target = Int.random(in: 0..<count, using: &generator)
        guard peers[place].state == .running, let core = peers[place].core, let epoch = peers[place].facts.heldEpoch
        else { return }
        let local = peers[place].clock.local(now)
        let careful = Bool.random(using: &generator)
        guard !careful || core.validUntil(peers[target].id, now: local) != nil else { return }
        send(.command(epoch: epoch, router: peers[place].id, to: target), from: place, to: target)
    }

    mutating func receiveCommand(epoch: UInt64, router: PeerID, at target: Int) {
        guard peers[target].state == .running, let core = peers[target].core else { return }
        digest.add(epoch)
        let local = peers[target].clock.local(now)
        if core.admits(epoch: epoch, router: router, now: local) {
            checker.time = now
            checker.admitted(epoch: epoch, router: router, at: target)
            outcome.admitted += 1
            history?(historyLine("command", of: target, local, #","other":"\#(router.hex)","epoch":\#(epoch)"#))
        } else {
            outcome.refused += 1
        }
    }
}
