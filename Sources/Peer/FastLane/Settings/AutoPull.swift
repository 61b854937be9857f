/// Fetches a model that no machine has, for a request that asks for it: once for the whole fleet, whoever asks where.
public struct AutoPull: Sendable {
    /// What came of it.
    public enum Outcome: Sendable, Hashable {
        /// A machine has it now, and this peer's view shows it.
        case here
        /// There is no such model, or it cannot be fetched; in words, nil for plainly unknown.
        case failed(String?)
        /// It is not there yet: says how far it is, and when to ask again, seconds.
        case later(String, retryAfterSeconds: Int)
    }

    /// Waits until the model is there, or cannot be, or it takes too long. Called off the event loops.
    public var fetch: @Sendable (_ model: String) async -> Outcome

    /// By a closure.
    public init(fetch: @escaping @Sendable (_ model: String) async -> Outcome) { self.fetch = fetch }
}
