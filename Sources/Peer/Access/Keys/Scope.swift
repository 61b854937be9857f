/// What a client key may be used for.
public enum Scope: String, CaseIterable, Sendable, Hashable, Codable {
    /// Asking models: chat, completions, embeddings and the like.
    case infer
    /// Changing the fleet: pulling and deleting models, settings, draining.
    case manage
    /// Looking at the fleet: status, queues, traces, metrics, the dashboard.
    case observe
}
