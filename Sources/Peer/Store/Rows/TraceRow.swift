/// One attempt of one request, as its entry peer saw it: a row of `request_traces`.
///
/// The first block of columns is the public interface that ollama-herd's users query with `sqlite3`;
/// the second block is this program's.
/// A request has one row per attempt and exactly one row whose status is not `retried`. Coding keys are the column names.
public struct TraceRow: Sendable, Hashable, Codable {
    /// The row's number in this shard; nil until it is written.
    public var id: Int64?
    /// The request, the same on all attempts and on the target's `executions` row.
    public var requestID: String
    /// The model that served or should have served.
    public var model: String
    /// The model that the client asked for.
    public var originalModel: String
    /// The node of this attempt; empty when none was found.
    public var nodeID: String
    /// The winner's sum of signals.
    public var score: Double?
    /// The winner's signals: a JSON object.
    public var scoresBreakdown: String?
    /// completed, failed, retried, client_disconnected, incomplete, no_output or rejected.
    public var status: String
    /// From arrival to end.
    public var latencyMilliseconds: Double?
    /// From arrival to the first body byte.
    public var timeToFirstTokenMilliseconds: Double?
    /// Prompt tokens by the engine's count.
    public var promptTokens: Int?
    /// Answer tokens by the engine's count.
    public var completionTokens: Int?
    /// Attempts before this one.
    public var retryCount: Int
    /// Whether another model than the one asked for served.
    public var fallbackUsed: Bool
    /// Nodes that were left out: a JSON array of ids.
    public var excludedNodes: String?
    /// The client's address.
    public var clientIP: String?
    /// openai, ollama, anthropic, responses, embed, rerank or systemone.
    public var originalFormat: String?
    /// What went wrong, in words.
    public var errorMessage: String?
    /// Seconds since 1970, the row's only wall-clock stamp.
    public var timestamp: Double
    /// A JSON array of strings.
    public var tags: String?
    /// The engine's reason to stop.
    public var finishReason: String?
    /// Tokens of the prompt as estimated before it ran.
    public var estimatedTokens: Int?

    /// Number of this attempt, from 1; with the request id it joins the target's row.
    public var attempt: Int?
    /// The engine that served, as `kind` or `kind@address`.
    public var backend: String?
    /// 0 = served here, 1 = on another peer.
    public var hop: Int?
    /// Time in the router's queue.
    public var ticketWaitMilliseconds: Double?
    /// The router that this peer obeyed.
    public var routerID: String?
    /// That router's epoch.
    public var routerEpoch: Int64?
    /// quorate or degraded.
    public var routerMode: String?
    /// All candidates with all signals, record version and age, and own delta: a JSON array.
    public var candidates: String?
    /// Each try: target, verdict, reason, milliseconds: a JSON array.
    public var tries: String?
    /// The arrival on this peer's continuous clock, milliseconds since the program started.
    public var clockMilliseconds: Double?
    /// What the engine got in place of what the client sent: `num_ctx=2048>4096`, commas between.
    public var rewrites: String?
    /// Machines that could not serve, by id and reason: a JSON array.
    public var eliminated: String?

    /// A row with the facts that always exist; the rest is set afterwards.
    public init(requestID: String, model: String, originalModel: String? = nil, nodeID: String, status: String, timestamp: Double)
    {
        self.requestID = requestID
        self.model = model
        self.originalModel = originalModel ?? model
        self.nodeID = nodeID
        self.status = status
        self.timestamp = timestamp
        self.retryCount = 0
        self.fallbackUsed = false
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case id
        case requestID = "request_id"
        case model
        case originalModel = "original_model"
        case nodeID = "node_id"
        case score
        case scoresBreakdown = "scores_breakdown"
        case status
        case latencyMilliseconds = "latency_ms"
        case timeToFirstTokenMilliseconds = "time_to_first_token_ms"
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
        case retryCount = "retry_count"
        case fallbackUsed = "fallback_used"
        case excludedNodes = "excluded_nodes"
        case clientIP = "client_ip"
        case originalFormat = "original_format"
        case errorMessage = "error_message"
        case timestamp
        case tags
        case finishReason = "finish_reason"
        case estimatedTokens = "estimated_tokens"
        case attempt
        case backend
        case hop
        case ticketWaitMilliseconds = "ticket_wait_ms"
        case routerID = "router_id"
        case routerEpoch = "router_epoch"
        case routerMode = "router_mode"
        case candidates
        case tries
        case clockMilliseconds = "clock_ms"
        case rewrites
        case eliminated
    }
}
