internal import Gossip
internal import NIOCore
internal import Routing

extension LaneRequest {
    // MARK: Models that are pulled, pushed and made: one machine does it, without one of its slots

    /// The ranking for this request, inference or not.
    func makePlan(_ now: Instant) -> Plan {
        guard var placement else { return laneState.plan(query, now: now) }
        placement.excluded = query.excluded
        placement.preferred = blobHome
        let view = laneState.view
        return Plan(ranking: placement.rank(view), view: view, backends: laneState.backends, othersWait: false)
    }

    /// What is wanted of which machine; nil for inference.
    private var placement: Placement? {
        switch route {
        case .pull: Placement(.pull, model: query.model, node: scan.node)
        case .push: Placement(.push, model: query.model, node: scan.node)
        case .create: Placement(.create(from: scan.from), model: query.model, node: scan.node)
        default: nil
        }
    }

    /// The first ranking and its first try; what cannot be done at all is said at once.
    func startManagement() {
        if findsBlobs() { return }
        plan = makePlan(LaneClock.now)
        guard let plan, plan.ranking.candidates.isEmpty, let placement else { return tryNext() }
        if let node = placement.node, placement.named(in: plan.view) == nil {
            let names = plan.view.members.filter { $0.status != .left }.map(\.name).joined(separator: ", ")
            return fail(LaneFailure(404, "no machine is named '\(node)'; the fleet has: \(names)"), as: .rejected)
        }
        if !plan.ranking.modelKnown {
            return fail(.modelNotFound(scan.from ?? query.model, route: route), as: .rejected)
        }
        let reasons = plan.ranking.eliminated.map { "\(plan.name(of: $0.peer)): \($0.reason.rawValue)" }.joined(separator: ", ")
        fail(
            LaneFailure(503, "no machine with a running Ollama can do this now (\(reasons))", retryAfterSeconds: 10), as: .failed)
    }

    /// The Ollama of this machine takes it; nil where it has none.
    private func managementEngine(preferring id: String?) -> LocalBackend? {
        let engines = laneState.backends.filter { $0.kind == .ollama && $0.door?.isSecure != true }
        return engines.first { $0.id == id } ?? engines.first
    }

    /// At the machine that was chosen: no slot is asked for.
    func admitManagement(model: String) {
        guard let engine = managementEngine(preferring: hop.backend) else {
            return fail(LaneFailure(503, "no Ollama runs on this machine"), as: .failed)
        }
        attempt = Attempt(
            number: hop.attempt, candidate: nil, node: settings.nodeName, peer: laneState.selfID, backend: engine,
            model: ModelKey.canonical(model), started: LaneClock.now)
        loop.admitSoon(self)
    }

    /// The engine has other models now: its prober looks at once.
    func noteChangedModels() {
        if route.isManagement, let engine = attempt?.backend { laneState.reportModels(of: engine.id) }
    }
}
