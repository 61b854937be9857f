import Gossip

extension World {
    /// After a step of `place`: what it says it obeys, what it believes to hold, and whether it is router beside another.
    mutating func checkBeliefs(_ place: Int) {
        guard let core = peers[place].core else { return }
        let local = peers[place].clock.local(now)
        checker.obeys(peers[place].facts.obeyed, peer: place, now: local)
        guard peers[place].facts.heldEpoch != nil, now >= watch.doubtUntil[place] else { return }
        for other in 0..<count
        where other != place && peers[other].facts.heldEpoch != nil && peers[other].state == .running
            && now >= watch.doubtUntil[other]
        {
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
                let mine = "\(place)@\(peers[place].facts.heldEpoch ?? 0)"
                let its = "\(other)@\(peers[other].facts.heldEpoch ?? 0)"
                checker.report(.exclusiveBelief, "\(mine) and \(its) both believe that they hold \(target)")
            }
        }
        guard core.isRouter(now: local) && rival.isRouter(now: theirs) else { return }
        if core.electorate == rival.electorate {
            checker.report(.equalViews, "\(place) and \(other) are both router of the same peers")
        }
        let (mine, its) = (core.roster, rival.roster)
        if mine.lineage == its.lineage && core.mode(now: local) == .quorate && rival.mode(now: theirs) == .quorate {
            checker.report(.quorate, "\(place) and \(other) are both quorate of \(mine.peers) and \(its.peers)")
        }
    }

    /// After a change of a peer's view: no version of a member went back.
    mutating func checkVersions(_ reader: Int, _ core: any PeerCore) {
        core.visitMembers { trace in
            guard let old = watch.versions(of: trace, at: reader) else { return }
            let goesBack =
                (trace.generation, trace.incarnation) < (old.generation, old.incarnation) || trace.hot < old.hot
                || (trace.models ?? .none) < (old.models ?? .none)
            if goesBack { checker.report(.versions, "\(reader) goes back from \(old) to \(trace)") }
        }
    }

    /// Now and then: what the rules hold is bounded by the number of peers.
    mutating func checkMemory(_ place: Int, _ core: any PeerCore) {
        guard let held = core.diagnostics else { return }
        outcome.mostTimers = max(outcome.mostTimers, held.timers)
        outcome.mostRumours = max(outcome.mostRumours, held.rumours)
        let known = peers.reduce(0) { $0 + $1.life + 1 }
        let bound = 64 + 48 * known
        if held.members > known || held.rumours > bound || held.timers > bound || held.probes > 128 || held.dials > bound {
            checker.report(.memory, "\(place) of \(known) holds \(held)")
        }
    }
}
