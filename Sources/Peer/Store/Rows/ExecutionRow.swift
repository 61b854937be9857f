/// One attempt as the peer saw it that ran it: a row of `executions`, in the target's shard.
///
/// Targets write their own table, not `request_traces`: there each request must appear once per attempt,
/// or the counts of users' existing queries would double. (`requestID`, `attempt`) joins both.
public struct ExecutionRow: Sendable, Hashable, Codable {
    /// The row's number in this shard; nil until it is written.
    public var id: Int64?
    /// The request.
    public var requestID: String
    /// Number of the attempt at the entry peer, from 1.
    public var attempt: Int
    /// The peer that accepted the client's request.
    public var entryNodeID: String
    /// The model.
    public var model: String
    /// The engine that ran it, as `kind` or `kind@address`; nil when it was not admitted.
    public var backend: String?
    /// admit or busy.
    public var verdict: String
    /// Why busy.
    public var reason: String?
    /// Requests of this model that ran here when the verdict fell.
    public var inFlight: Int?
    /// Requests that waited here when the verdict fell.
    public var queueDepth: Int?
    /// How many may run at once.
    public var slots: Int?
    /// Time that the engine took to load the model.
    public var loadMilliseconds: Double?
    /// From sending to the engine until its last byte.
    public var backendMilliseconds: Double?
    /// How it ended; the words of ``TraceRow/status``.
    public var status: String?
    /// Prompt tokens by the engine's count.
    public var promptTokens: Int?
    /// Answer tokens by the engine's count.
    public var completionTokens: Int?
    /// The epoch under whose router it ran, when a ticket brought it here.
    public var routerEpoch: Int64?
    /// The arrival on this peer's continuous clock, milliseconds since the program started.
    public var clockMilliseconds: Double?
    /// Seconds since 1970, the row's only wall-clock stamp.
    public var timestamp: Double

    /// A row with the facts that always exist; the rest is set afterwards.
    public init(requestID: String, attempt: Int, entryNodeID: String, model: String, verdict: String, timestamp: Double) {
        self.requestID = requestID
        self.attempt = attempt
        self.entryNodeID = entryNodeID
        self.model = model
        self.verdict = verdict
        self.timestamp = timestamp
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case id
        case requestID = "request_id"
        case attempt
        case entryNodeID = "entry_node_id"
        case model
        case backend
        case verdict
        case reason
        case inFlight = "in_flight"
        case queueDepth = "queue_depth"
        case slots
        case loadMilliseconds = "load_ms"
        case backendMilliseconds = "backend_ms"
        case status
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
        case routerEpoch = "router_epoch"
        case clockMilliseconds = "clock_ms"
        case timestamp
    }
}
