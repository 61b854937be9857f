internal import Gossip
internal import Routing

extension LaneRequest {
    // MARK: Held for a machine that has the model in memory

    /// A machine says busy that has the model in memory: others do not load it at once.
    func noteHold(_ now: Instant) {
        guard holdEnds == nil, let attempt, let candidate = attempt.candidate,
            let memory = plan?.view.member(attempt.peer)?.memory(of: candidate), memory.isLoaded
        else { return }
        let limit = settings.hold.limit(weightBytes: memory.weightBytes, patience: limits.ticketWait)
        holdEnds = now + limit
    }

    /// The machine would have to load the model, and one that has it in memory is waited for.
    func standsBack(_ candidate: Candidate, _ now: Instant) -> Bool {
        guard let holdEnds, now < holdEnds else { return false }
        return plan?.view.member(candidate.peer)?.memory(of: candidate)?.isLoaded == false
    }
}
