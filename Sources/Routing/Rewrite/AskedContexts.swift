public import Gossip
import OrderedCollections

/// With which explicit `num_ctx` the models in this machine's engines were loaded, as far as requests through this peer did it.
///
/// An engine lists the context in memory, but not whether somebody asked for it; and its lists come seconds late.
public struct AskedContexts: Sendable {
    /// A list that contradicts is not believed for so long after an answer.
    public static let lag: Duration = .seconds(60)
    static let limit = 256

    private struct Entry: Sendable {
        var tokens: Int
        var answeredAt: Instant
    }

    /// Oldest first.
    private var entries = OrderedDictionary<ResidentModel.Key, Entry>()

    /// Nothing was asked yet.
    public init() {}

    /// Nothing is known of any model.
    public var isEmpty: Bool { entries.isEmpty }

    /// An engine answered a request with an explicit number that it had to load the model for. Only now: a number with which
    /// loading fails must not be put into other requests.
    public mutating func answered(_ tokens: Int, runner: String, backend: String, now: Instant) {
        let key = ResidentModel.Key(backend: backend, model: runner)
        entries.removeValue(forKey: key)
        if entries.count >= Self.limit { entries.removeFirst() }
        entries[key] = Entry(tokens: tokens, answeredAt: now)
    }

    /// The explicit number that the runner in memory has; nil when it has none or nobody knows.
    public mutating func tokens(of model: ResidentModel, backend: String, now: Instant) -> Int? {
        let key = ResidentModel.Key(backend: backend, model: model.runner)
        guard let entry = entries[key] else { return nil }
        if model.context == entry.tokens || now - entry.answeredAt < Self.lag { return entry.tokens }
        entries.removeValue(forKey: key)
        return nil
    }
}
