/// The requests of one hour. Coding keys are those of ollama-herd's trends.
public struct TrendHour: Sendable, Hashable, Codable {
    /// The hour's begin, seconds since 1970.
    public var hourBucket: Int
    /// Requests.
    public var requestCount: Int
    /// Nil when no request of this hour has a time.
    public var averageLatencyMilliseconds: Double?
    /// Prompt tokens in all.
    public var totalPromptTokens: Int
    /// Answer tokens in all.
    public var totalCompletionTokens: Int

    enum CodingKeys: String, CodingKey {
        case hourBucket = "hour_bucket"
        case requestCount = "request_count"
        case averageLatencyMilliseconds = "avg_latency_ms"
        case totalPromptTokens = "total_prompt_tokens"
        case totalCompletionTokens = "total_completion_tokens"
    }
}

extension TrendHour {
    /// Counts by the hour as trends, oldest first.
    public static func all(_ counts: [Counted]) -> [TrendHour] {
        counts.filter { $0.requests > 0 }.sorted { $0.key < $1.key }.map { row in
            TrendHour(
                hourBucket: row.key.bucket ?? 0, requestCount: row.requests, averageLatencyMilliseconds: row.latencyMean,
                totalPromptTokens: row.promptTokens, totalCompletionTokens: row.completionTokens)
        }
    }
}
