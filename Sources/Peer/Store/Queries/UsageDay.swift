/// The requests of one model on one node on one day (UTC). Coding keys are those of ollama-herd's usage.
public struct UsageDay: Sendable, Hashable, Codable {
    /// The node.
    public var nodeID: String
    /// The model.
    public var model: String
    /// The day's begin, seconds since 1970.
    public var dayBucket: Int
    /// Requests, not attempts.
    public var requestCount: Int
    /// Requests that ended well.
    public var completedCount: Int
    /// Requests that failed.
    public var failedCount: Int
    /// Nil when no request has a time.
    public var averageLatencyMilliseconds: Double?
    /// Nil when no request has a first token.
    public var averageTimeToFirstTokenMilliseconds: Double?
    /// Prompt tokens in all.
    public var totalPromptTokens: Int
    /// Answer tokens in all.
    public var totalCompletionTokens: Int
    /// Attempts on this node that were retried elsewhere.
    public var totalRetries: Int
    /// Requests that another model served.
    public var totalFallbacks: Int

    enum CodingKeys: String, CodingKey {
        case nodeID = "node_id"
        case model
        case dayBucket = "day_bucket"
        case requestCount = "request_count"
        case completedCount = "completed_count"
        case failedCount = "failed_count"
        case averageLatencyMilliseconds = "avg_latency_ms"
        case averageTimeToFirstTokenMilliseconds = "avg_ttft_ms"
        case totalPromptTokens = "total_prompt_tokens"
        case totalCompletionTokens = "total_completion_tokens"
        case totalRetries = "total_retries"
        case totalFallbacks = "total_fallbacks"
    }
}

extension UsageDay {
    /// Counts by day, node and model, newest day first.
    public static func all(_ counts: [Counted]) -> [UsageDay] {
        counts.sorted { a, b in
            a.key.bucket == b.key.bucket ? a.key < b.key : (a.key.bucket ?? 0) > (b.key.bucket ?? 0)
        }.map { row in
            UsageDay(
                nodeID: row.key.node ?? "", model: row.key.model ?? "", dayBucket: row.key.bucket ?? 0,
                requestCount: row.requests, completedCount: row.completed, failedCount: row.failed,
                averageLatencyMilliseconds: row.latencyMean, averageTimeToFirstTokenMilliseconds: row.firstTokenMean,
                totalPromptTokens: row.promptTokens, totalCompletionTokens: row.completionTokens,
                totalRetries: row.retried, totalFallbacks: row.fallbacks)
        }
    }
}
