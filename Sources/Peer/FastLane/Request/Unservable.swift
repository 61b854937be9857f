internal import Gossip
internal import Routing

/// Why no machine is a candidate although some list the model.
enum Unservable {
    /// Waiting does not help.
    case forGood(LaneFailure)
    /// A machine that has it is away, short of memory or draining: it may come back.
    case forNow

    /// Looks at the machines that list the model.
    init(plan: Plan, query: RouteRequest, route: LaneRoute) {
        let names = ([query.model] + query.fallbackModels).map(ModelKey.canonical)
        let holders = plan.ranking.eliminated.filter { pair in
            guard let models = plan.view.member(pair.peer)?.models else { return false }
            return models.available.contains { names.contains(ModelKey.canonical($0.name)) }
                || models.loaded.contains { names.contains(ModelKey.canonical($0.name)) }
        }
        let reasons = Set(holders.map(\.reason))
        let lasting: Set<Elimination> = [.wrongDialect, .missingCapability, .doesNotFit, .modelMissing, .left]
        guard reasons.isSubset(of: lasting), let first = holders.first else {
            self = .forNow
            return
        }
        let unable = holders.first { $0.reason == .missingCapability } ?? holders.first { $0.reason == .wrongDialect }
        if let other = unable {
            self = .forGood(Self.cannot(other.reason, on: other.peer, plan: plan, query: query, route: route, names: names))
        } else {
            let node = plan.name(of: first.peer)
            self = .forGood(
                LaneFailure(503, "model '\(query.model)' does not fit into the memory of \(node) now", retryAfterSeconds: 10))
        }
    }

    private static func cannot(
        _ reason: Elimination, on peer: PeerID, plan: Plan, query: RouteRequest, route: LaneRoute, names: [String]
    ) -> LaneFailure {
        if reason == .missingCapability {
            let kind = route.kind == .embed ? "embeddings" : route.kind.rawValue
            let what = query.hasImages ? "images" : query.hasTools ? "tools" : kind
            return LaneFailure(route.kind == .embed ? 501 : 400, "\"\(query.model)\" does not support \(what)")
        }
        let models = plan.view.member(peer)?.models
        let backend = models?.available.first { names.contains(ModelKey.canonical($0.name)) }?.backend
        let kind = models?.backends.first { $0.id == backend }?.kind
        let path = route.kind == .chat ? "/v1/chat/completions" : route.kind == .generate ? "/v1/completions" : "/v1/embeddings"
        return LaneFailure(
            501,
            "model '\(query.model)' is served by \(kind?.label ?? "an engine") on node \(plan.name(of: peer)), "
                + "which speaks the OpenAI API: use \(path)")
    }
}

extension BackendKind {
    /// The engine's name as its makers write it.
    fileprivate var label: String {
        switch self {
        case .ollama: "Ollama"
        case .llamacpp: "llama.cpp"
        case .vllm: "vLLM"
        case .lmstudio: "LM Studio"
        case .openai: "an OpenAI-compatible server"
        }
    }
}
