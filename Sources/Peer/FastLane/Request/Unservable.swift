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
        if reasons.contains(.missingCapability) {
            let isAskedWith = query.hasImages ? "images" : query.hasAudio ? "audio" : query.hasTools ? "tools" : nil
            let what = isAskedWith ?? route.kind.words
            self = .forGood(LaneFailure(route.kind == .embed ? 501 : 400, "\"\(query.model)\" does not support \(what)"))
        } else if reasons.contains(.wrongDialect) {
            self = .forGood(
                LaneFailure(501, "no engine that has \"\(query.model)\" has a route for \(route.kind.words)"))
        } else {
            let node = plan.name(of: first.peer)
            self = .forGood(
                LaneFailure(503, "model '\(query.model)' does not fit into the memory of \(node) now", retryAfterSeconds: 10))
        }
    }
}
