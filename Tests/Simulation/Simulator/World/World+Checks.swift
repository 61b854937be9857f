import Gossip

extension World {
    /// After a step of `place`: what it says it obeys, what it believes to hold, and whether it is router beside another.
    mutating func checkBeliefs(_ place: Int) {
        guard let core = peers[place].core else { return }
        let local = peers[place].clock.local(now)
        checker.obeys(peers[place].facts.obeyed, peer: place, now: local)
        guard peers[place].facts.heldEpoch != nil else { return }
        for other in 0..<count where other != place && peers[other].facts.heldEpoch != nil && peers[other].state == .running {
            guard let rival = peers[other].core else { continue }
            compare(place, core, local, other, rival, peers[other].clock.local(now))
        }
    }

    private mutating func compare(
        _ place: Int, _ core: any PeerCore, _ local: Instant, _ other: Int, _ rival: any PeerCore, _ theirs: Instant
    ) {
        for target in 0..<count {
            let id = peers[target].id
            if core.heldUntil(id, now: local) != nil && rival.heldUntil(id, now: theirs) != nil {
                checker.report(
                    .exclusiveBelief,
                    "\(place)@\(peers[place].facts.heldEpoch ?? 0) and \(other)@\(peers[other].facts.heldEpoch ?? 0) hold \(target)"
                )
            }
        }
        guard core.isRouter(now: local) && rival.isRouter(now: theirs) else { return }
        if core.electorate == rival.electorate {
            checker.report(.equalViews, "\(place) and \(other) are both router of the same peers")
        }
        if core.rosterSize == count && rival.rosterSize == count && core.mode(now: local) == .quorate
            && rival.mode(now: theirs) == .quorate
        {
            checker.report(.quorate, "\(place) and \(other) are both quorate of \(count)")
        }
    }

    /// Everybody who runs obeys the one router, and knows who runs and who does not. Nil when so, else what is missing.
    func disagreement() -> String? {
        var routers: [Int] = []
        for peer in peers where peer.state == .running {
            if peer.core?.isRouter(now: peer.clock.local(now)) ?? false { routers.append(peer.place) }
        }
        let running = peers.filter { $0.state == .running && !$0.stopping }
        guard running.contains(where: { $0.candidacy.eligible }) else { return nil }
        guard let router = routers.first, routers.count == 1 else { return "routers: \(routers)" }
        for peer in running {
            let obeyed = peer.core?.obeyed(now: peer.clock.local(now))
            if obeyed?.router != peers[router].id { return "\(peer.place) does not obey \(router)" }
        }
        for peer in running {
            let states = peer.core?.memberStates(now: peer.clock.local(now)) ?? []
            for other in peers where other.place != peer.place {
                let status = states.first { $0.id == other.id }?.status
                let up = other.state == .running
                if up ? status != .alive : status == .alive || status == .suspect {
                    return "\(peer.place) sees \(other.place) as \(status.map(\.rawValue) ?? "unknown")"
                }
                if up, let reports = peer.core?.reports(of: other.id), other.place != peer.place {
                    if reports.inFlight != other.inFlight { return "\(peer.place) holds an old hot report of \(other.place)" }
                    if reports.models != other.models { return "\(peer.place) holds old models of \(other.place)" }
                }
            }
        }
        return nil
    }
}
