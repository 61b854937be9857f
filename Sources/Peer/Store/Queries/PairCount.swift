/// How many requests of one node and model ended how.
public struct PairCount: Sendable, Hashable {
    /// The node; empty where none was found.
    public var nodeID: String
    /// The model.
    public var model: String
    /// The words of ``TraceRow/status``.
    public var status: String
    /// Requests, or attempts where the status is `retried`.
    public var requests: Int
    /// First tokens that have a time.
    public var firstTokens: Int
    /// Their times, milliseconds.
    public var firstTokenMilliseconds: Double
    /// Requests that another model served.
    public var fallbacks: Int
}
