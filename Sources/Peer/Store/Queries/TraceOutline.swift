/// A trace row without what only people read.
public struct TraceOutline: Sendable, Hashable {
    /// The node; empty where none was found.
    public var nodeID: String
    /// The model that served or should have served.
    public var model: String
    /// The model that the client asked for.
    public var originalModel: String
    /// The words of ``TraceRow/status``.
    public var status: String
    /// The client's API family; empty where it is not known.
    public var originalFormat: String
    /// From arrival to end.
    public var latencyMilliseconds: Double?
    /// From arrival to the first body byte.
    public var timeToFirstTokenMilliseconds: Double?
    /// Prompt tokens by the engine's count.
    public var promptTokens: Int?
    /// Answer tokens by the engine's count.
    public var completionTokens: Int?
    /// Whether another model than the one asked for served.
    public var fallbackUsed: Bool
    /// What the engine got in place of what the client sent.
    public var rewrites: String
    /// Seconds since 1970.
    public var timestamp: Double
}
