internal import Gossip
internal import Routing

extension LaneRequest {
    // MARK: Held for a machine that has the model in memory

    /// A machine says busy: if it has the model in memory, others do not load it at once.
    func noteHold(_ now: Instant) {
        if holdEnds == nil, let candidate = attempt?.candidate { hold(for: candidate, now) }
    }

    private func hold(for candidate: Candidate, _ now: Instant) {
        guard let memory = plan?.view.member(candidate.peer)?.memory(of: candidate), memory.isLoaded else { return }
        holdEnds = now + settings.hold.limit(weightBytes: memory.weightBytes, patience: limits.ticketWait)
    }

    /// The machine would have to load the model, and one that has it in memory is waited for.
    func standsBack(_ candidate: Candidate, _ now: Instant) -> Bool {
        // One that said busy to somebody else a moment ago stands at the end of the ranking, though it has the model in memory.
        if holdEnds == nil, let plan {
            let thermal = candidate.signals.thermal
            guard let warmer = plan.ranking.candidates.first(where: { $0.signals.thermal > thermal }) else { return false }
            hold(for: warmer, now)
        }
        guard let holdEnds, now < holdEnds else { return false }
        return plan?.view.member(candidate.peer)?.memory(of: candidate)?.isLoaded == false
    }
}
