/// The reachable view, and the time of the next step.
extension LeaseRules {
    /// Takes over a new view; it counts at once.
    mutating func changeView(_ peers: [LeasePeer], left: [PeerID], aged: [PeerID]) {
        self.left = left
        self.aged = aged
        viewKnown = true
        // Who says goodbye is taken off while its grant still counts.
        for elector in electors where elector.isOnRoster && left.containsInOrder(elector.id) { takeOff(leaver: elector.id) }
        if peers.count == electors.count, zip(peers, electors).allSatisfy({ $0.id == $1.id }) {
            for place in electors.indices { electors[place].update(peers[place], now: now) }
            return
        }
        var next: [Elector] = []
        next.reserveCapacity(peers.count)
        var added = false
        // Both are in the order of ids: one walk.
        var place = 0
        for peer in peers where peer.id != selfID && next.last.map({ $0.id < peer.id }) ?? true {
            while place < electors.count, electors[place].id < peer.id { place += 1 }
            if place < electors.count, electors[place].id == peer.id {
                next.append(electors[place])
                next[next.count - 1].update(peer, now: now)
            } else {
                var elector = Elector(peer, now: now)
                // Answers to rounds from before it left the view count no more: it may have given its grant back since.
                elector.rejectedRound = lastRound
                // Nor does what was announced while it was out of sight: two routers that meet tell each other anew.
                forgetRecord(of: peer.id)
                elector.isOnRoster = roster.contains(peer.id)
                next.append(elector)
                added = true
            }
        }
        let changed = added || next.count != electors.count
        electors = next
        guard changed else { return }
        failures = 0
        if added && lease != nil {
            lease?.nextRetransmit = now
        }
    }

    /// The next time at which something follows without an event.
    func wakeTime() -> Instant {
        var wake = Instant.distantFuture
        func consider(_ time: Instant) {
            if time < wake { wake = time }
        }
        if let grant { consider(grant.expiry) }
        if let reservation { consider(reservation.end) }
        if let heardRouter { consider(heardRouter.end) }
        if now < quarantineEnd { consider(quarantineEnd) }
        if stopping { consider(nextReturn) }
        if suspended { consider(suspensionEnd) }
        switch standing {
        case .resting: if mayStand { consider(now + configuration.retransmit) }
        case .waiting(let until): consider(until)
        case .asking(_, _, let next): consider(next)
        }
        guard let lease else { return wake }
        consider(lease.nextRenewal)
        if lease.electedAt == nil || lease.lapsed { consider(lease.deadline) }
        if lease.ownUntil > now { consider(lease.ownUntil) }
        for elector in electors {
            if elector.validUntil > now { consider(elector.validUntil) }
            if !elector.answered && !elector.silent { consider(lease.nextRetransmit) }
        }
        return wake
    }
}
