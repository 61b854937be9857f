internal import Gossip
internal import Routing

extension LaneRequest {
    // MARK: Held for a machine that has the model in memory, or loads it

    /// A machine says busy: if it has the model in memory or loads it, others do not load it at once.
    func noteHold(_ now: Instant) {
        if holdEnds == nil, let candidate = attempt?.candidate,
            candidate.isLoaded || candidate.isLoading || cold?.names(candidate.peer, now) == true
        {
            hold(for: candidate, now)
        }
    }

    private func hold(for candidate: Candidate, _ now: Instant) {
        guard let memory = plan?.view.member(candidate.peer)?.memory(of: candidate) else { return }
        holdEnds = now + settings.hold.limit(weightBytes: memory.weightBytes, patience: limits.ticketWait)
    }

    /// The machine would have to load the model, and one that has it in memory or loads it already is waited for: many requests
    /// for a model that nobody has loaded cause one load.
    func standsBack(_ candidate: Candidate, _ now: Instant) -> Bool {
        if candidate.isLoaded || candidate.isLoading { return false }
        if let cold, cold.names(candidate.peer, now) { return false }
        // One that said busy to somebody else a moment ago stands at the end of the ranking, though it has the model in memory.
        // Where none is left, because the loading failed or the machine is gone, nobody is waited for.
        guard
            let further = plan?.ranking.candidates.first(where: {
                $0.isLoaded || $0.isLoading || cold?.names($0.peer, now) == true
            })
        else { return false }
        if holdEnds == nil { hold(for: further, now) }
        return holdEnds.map { now < $0 } ?? false
    }
}
