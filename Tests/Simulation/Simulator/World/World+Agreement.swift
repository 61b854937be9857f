import Gossip

extension World {
    /// Everybody who runs obeys the one router, and knows who runs and who does not. Nil when so, else what is missing.
    func disagreement() -> String? {
        var routers: [Int] = []
        for peer in peers where peer.state == .running {
            if peer.core?.isRouter(now: peer.clock.local(now)) ?? false { routers.append(peer.place) }
        }
        let running = peers.filter { $0.state == .running && !$0.stopping }
        if running.contains(where: { $0.candidacy.eligible }) {
            guard let router = routers.first, routers.count == 1 else { return "routers: \(routers)" }
            for peer in running {
                let obeyed = peer.core?.obeyed(now: peer.clock.local(now))
                if obeyed?.router != peers[router].id { return "\(peer.place) does not obey \(router)" }
            }
        }
        let settings = running.first?.core?.settings
        for peer in running {
            if peer.core?.settings != settings { return "\(peer.place) has other settings than \(running[0].place)" }
            if let text = disagreement(of: peer) { return text }
        }
        return nil
    }

    /// When everybody runs under the id of its first life: all go by one roster, which lists everybody who counts, and the router
    /// is quorate. Nil when so. Who lost its id is a newcomer, and the old id counts for a week.
    func rosterDisagreement() -> String? {
        guard peers.allSatisfy({ $0.state == .running && !$0.stopping && $0.life == 0 }) else { return nil }
        let counting = peers.filter { !$0.candidacy.ephemeral }.map(\.id).sorted()
        guard !counting.isEmpty, let roster = peers[0].core?.roster else { return nil }
        if roster.peers != counting { return "the roster is \(roster.peers), not \(counting)" }
        for peer in peers where peer.core?.roster.hash != roster.hash { return "\(peer.place) goes by another roster than 0" }
        let router = peers.first { $0.core?.isRouter(now: $0.clock.local(now)) ?? false }
        guard let router, let core = router.core else { return nil }
        return core.mode(now: router.clock.local(now)) == .quorate ? nil : "\(router.place) is not quorate"
    }

    /// What one peer's table lacks.
    private func disagreement(of peer: SimulatedPeer) -> String? {
        let states = peer.core?.memberStates(now: peer.clock.local(now)) ?? []
        for state in states where state.id != peer.id {
            let (place, life) = SimulatedPeer.place(state.id)
            let isThere = peers[place].life == life && peers[place].state == .running && !peers[place].stopping
            if isThere != (state.status == .alive) || state.status == .suspect {
                return "\(peer.place) sees \(place) in life \(life) as \(state.status.rawValue)"
            }
        }
        for other in peers where other.place != peer.place && other.state == .running && !other.stopping {
            guard states.contains(where: { $0.id == other.id }) else { return "\(peer.place) does not know \(other.place)" }
            guard let reports = peer.core?.reports(of: other.id) else { continue }
            if reports.inFlight != other.inFlight { return "\(peer.place) holds an old hot report of \(other.place)" }
            if reports.models != other.models { return "\(peer.place) holds old models of \(other.place)" }
        }
        return nil
    }

    /// The faults are about to end. Where one router has more than half of all peers for a while still, and is above every other
    /// by the merge rule (mode, class, size of its domain), it must stay router: who was cut off has no claim, whatever its epoch.
    mutating func noteBestRouter() {
        var records: [(place: Int, record: LeaseRecord)] = []
        for peer in peers where peer.state == .running && !peer.stopping {
            let local = peer.clock.local(now)
            guard let core = peer.core, core.isRouter(now: local), let record = core.announcement(now: local) else { continue }
            records.append((peer.place, record))
        }
        guard records.count > 1 else { return }
        for (place, record) in records {
            let key = (record.mode == .quorate ? 1 : 0, Int(record.priorityClass), Int(record.domainSize))
            let isBest = records.allSatisfy { other in
                let its = (other.record.mode == .quorate ? 1 : 0, Int(other.record.priorityClass), Int(other.record.domainSize))
                return other.place == place || key > its
            }
            let lasting = peers[place].clock.local(now) + .milliseconds(700)
            let held = peers.filter { target in
                // Who was restarted obeys nobody for a while, whatever the holder believes.
                target.state == .running && !target.stopping && target.facts.obeyed?.router == peers[place].id
                    && peers[place].core?.heldUntil(target.id, now: peers[place].clock.local(now)).map { $0 >= lasting } ?? false
            }
            // A newcomer that knows nobody is quorate in a fleet of one, which by the rule goes before a degraded one.
            let isComplete = peers.allSatisfy { $0.state != .down || $0.generation > 0 }
            // Nobody has a class above it that could ask for a hand-over, and it is not itself on its way down.
            let isTop = peers.allSatisfy { $0.candidacy.priorityClass <= peers[place].candidacy.priorityClass }
            if isBest, isTop, isComplete, 2 * held.count > count, now >= watch.doubtUntil[place], peers[place].perEvent == 0 {
                watch.bestRouter = place
            }
        }
        if watch.bestRouter != nil { outcome.contests += 1 }
    }

    /// Who is router once all agree.
    func checkBestRouter() -> String? {
        guard let best = watch.bestRouter, peers[best].state == .running, let core = peers[best].core else { return nil }
        return core.isRouter(now: peers[best].clock.local(now)) ? nil : "\(best) had most peers and was deposed by another router"
    }
}
