/// All requests with one tag in a span of time. Coding keys are those of ollama-herd's tags.
public struct TagUsage: Sendable, Hashable, Codable {
    /// The tag.
    public var tag: String
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
    /// Seconds since 1970.
    public var firstSeen: Double
    /// Seconds since 1970.
    public var lastSeen: Double

    enum CodingKeys: String, CodingKey {
        case tag
        case requestCount = "request_count"
        case completedCount = "completed_count"
        case failedCount = "failed_count"
        case averageLatencyMilliseconds = "avg_latency_ms"
        case averageTimeToFirstTokenMilliseconds = "avg_ttft_ms"
        case totalPromptTokens = "total_prompt_tokens"
        case totalCompletionTokens = "total_completion_tokens"
        case firstSeen = "first_seen"
        case lastSeen = "last_seen"
    }
}

extension TagUsage {
    /// Counts by tag, most used first.
    public static func all(_ counts: [Counted]) -> [TagUsage] {
        counts.filter { $0.requests > 0 }.sorted { ($1.requests, $0.key) < ($0.requests, $1.key) }.map { row in
            TagUsage(
                tag: row.key.tag ?? "", requestCount: row.requests, completedCount: row.completed, failedCount: row.failed,
                averageLatencyMilliseconds: row.latencyMean, averageTimeToFirstTokenMilliseconds: row.firstTokenMean,
                totalPromptTokens: row.promptTokens, totalCompletionTokens: row.completionTokens,
                firstSeen: row.firstSeen ?? 0, lastSeen: row.lastSeen ?? 0)
        }
    }
}
