internal import Access
internal import Gossip
internal import NIOCore
internal import Routing

extension LaneRequest {
    // MARK: A model that no machine has

    /// The model is fetched, and the request waits for it; false where that may not be or was tried.
    func fetchesModel() -> Bool {
        guard !hasFetched, limits.fetchesModels, let autoPull = laneState.autoPull, mayFetch else { return false }
        hasFetched = true
        leaveLine()
        guard laneState.joinFetches(limit: limits.ticketQueueLimit) else {
            fail(LaneFailure(503, "too many requests wait for models: try again later", retryAfterSeconds: 10), as: .rejected)
            return true
        }
        isFetching = true
        waitStarted = LaneClock.now
        state = .parked
        let model = query.model
        let back = NIOLoopBound(Weak(self), eventLoop: loop.eventLoop)
        let eventLoop = loop.eventLoop
        Task.detached {
            let outcome = await autoPull.fetch(model)
            eventLoop.execute { back.value.request?.fetched(outcome) }
        }
        return true
    }

    /// A request may end long before the model is there.
    private struct Weak {
        weak var request: LaneRequest?
        init(_ request: LaneRequest) { self.request = request }
    }

    /// Only where the client could pull it by hand: some machine has an Ollama, and its key, if one is needed, may manage models.
    private var mayFetch: Bool {
        guard LaneFailure.isName(query.model), !StandInModels.isVendors(query.model), !settings.aliases.contains(query.model),
            plan?.view.members.contains(where: { $0.ollama != nil && $0.status == .alive }) == true
        else { return false }
        let gate = settings.gate
        if gate.isReadOnly { return false }
        guard gate.isInForce else { return true }
        return front?.keyID.flatMap { gate.ring[$0] }?.scopes.contains(.manage) == true
    }

    private func fetched(_ outcome: AutoPull.Outcome) {
        guard isFetching, state == .parked else { return }
        leaveLine()
        switch outcome {
        case .here: beginRound()
        case .failed(let reason):
            var failure = LaneFailure.modelNotFound(query.model, route: route)
            if let reason { failure.message += ", and it could not be pulled: \(reason)" }
            fail(failure, as: .rejected)
        case .later(let words, let seconds): fail(LaneFailure(503, words, retryAfterSeconds: seconds), as: .rejected)
        }
    }

    /// It does not wait for a model any more.
    func leaveFetches() {
        guard isFetching else { return }
        isFetching = false
        laneState.leaveFetches()
    }
}
