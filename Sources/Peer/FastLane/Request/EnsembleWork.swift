/// A request's questions to others, which end with it, however it ends.
final class EnsembleWork {
    private let state: LaneState
    var task: Task<Void, Never>?

    /// Takes a place; nil where all are taken.
    init?(_ state: LaneState) {
        guard state.joinEnsembles(limit: Ensemble.limit) else { return nil }
        self.state = state
    }

    deinit {
        task?.cancel()
        state.leaveEnsembles()
    }
}
