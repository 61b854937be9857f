/// What becomes of a request's `num_ctx`, so that Ollama does not load the model anew for nothing.
///
/// Ollama compares the number of a request with that of the runner in memory, and a request without a number counts as one with
/// Ollama's own default. So a smaller number is replaced by the one in memory, not left out; and a request without a number gets
/// the one in memory where that was asked for explicitly.
public enum ContextDecision: Hashable, Sendable {
    /// The body stays as it is.
    case leave
    /// The client's number becomes this one, which is in memory.
    case replace(Int)
    /// The client named none: it gets this one.
    case insert(Int)
    /// The client's number stays, and the model is loaded anew, because so many tokens are in memory now.
    case reloads(loaded: Int)

    /// Decides.
    ///
    /// - Parameters:
    ///   - requested: `num_ctx` of the request, above 0.
    ///   - model: the model as it is at the engine.
    ///   - asked: the number that the runner in memory was asked for with, if that is known.
    ///   - configured: what `FLEET_NUM_CTX_OVERRIDES` says of the model, or what was learnt.
    ///   - reduces: that number goes in although more is in memory.
    public static func make(
        _ mode: ContextMode, requested: Int?, model: ResidentModel, asked: Int?, configured: Int?, reduces: Bool = false
    ) -> ContextDecision {
        guard mode != .passthrough, !model.isAmbiguous else { return .leave }
        let loaded = asked ?? model.context
        if let requested {
            let wanted = min(requested, model.trained ?? .max)
            guard let loaded, wanted != loaded else { return .leave }
            return wanted < loaded && mode == .strip ? .replace(loaded) : .reloads(loaded: loaded)
        }
        guard mode == .strip else { return .leave }
        if let configured, reduces || min(configured, model.trained ?? .max) > loaded ?? 0 { return .insert(configured) }
        return asked.map { .insert($0) } ?? .leave
    }

    /// The number of tokens with which the model will be loaded anew by this decision; nil if it will not be, or nobody knows.
    public func loads(requested: Int?, model: ResidentModel, asked: Int?) -> Int? {
        let sent: Int? =
            switch self {
            case .leave, .reloads: requested
            case .replace(let tokens), .insert(let tokens): tokens
            }
        guard let sent else { return nil }
        let wanted = min(sent, model.trained ?? .max)
        return wanted == asked ?? model.context ? nil : wanted
    }
}
