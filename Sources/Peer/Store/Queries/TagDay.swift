/// The requests with one tag on one day (UTC). Coding keys are those of ollama-herd's daily tags.
public struct TagDay: Sendable, Hashable, Codable {
    /// The tag.
    public var tag: String
    /// The day's begin, seconds since 1970.
    public var dayBucket: Int
    /// Requests.
    public var requestCount: Int
    /// Nil when no request has a time.
    public var averageLatencyMilliseconds: Double?
    /// Tokens in all.
    public var totalTokens: Int

    enum CodingKeys: String, CodingKey {
        case tag
        case dayBucket = "day_bucket"
        case requestCount = "request_count"
        case averageLatencyMilliseconds = "avg_latency_ms"
        case totalTokens = "total_tokens"
    }
}

extension TagDay {
    /// Counts by day and tag, oldest day first.
    public static func all(_ counts: [Counted]) -> [TagDay] {
        counts.filter { $0.requests > 0 }.sorted { $0.key < $1.key }.map { row in
            TagDay(
                tag: row.key.tag ?? "", dayBucket: row.key.bucket ?? 0, requestCount: row.requests,
                averageLatencyMilliseconds: row.latencyMean, totalTokens: row.promptTokens + row.completionTokens)
        }
    }
}
