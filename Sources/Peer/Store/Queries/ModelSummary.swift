/// All requests of one model in a span of time. Coding keys are those of ollama-herd's model insights.
public struct ModelSummary: Sendable, Hashable, Codable {
    /// The model.
    public var modelName: String
    /// Requests in all.
    public var totalRequests: Int
    /// Nil when no request has a time; so are the least and the greatest.
    public var averageLatencyMilliseconds: Double?
    /// The shortest, milliseconds.
    public var minimumLatencyMilliseconds: Double?
    /// The longest, milliseconds.
    public var maximumLatencyMilliseconds: Double?
    /// Prompt tokens in all.
    public var totalPromptTokens: Int
    /// Answer tokens in all.
    public var totalCompletionTokens: Int
    /// Seconds since 1970.
    public var firstSeen: Double
    /// Seconds since 1970.
    public var lastSeen: Double

    enum CodingKeys: String, CodingKey {
        case modelName = "model_name"
        case totalRequests = "total_requests"
        case averageLatencyMilliseconds = "avg_latency_ms"
        case minimumLatencyMilliseconds = "min_latency_ms"
        case maximumLatencyMilliseconds = "max_latency_ms"
        case totalPromptTokens = "total_prompt_tokens"
        case totalCompletionTokens = "total_completion_tokens"
        case firstSeen = "first_seen"
        case lastSeen = "last_seen"
    }
}

extension ModelSummary {
    /// Counts by model, most used first.
    public static func all(_ counts: [Counted]) -> [ModelSummary] {
        counts.filter { $0.requests > 0 }.sorted { ($1.requests, $0.key) < ($0.requests, $1.key) }.map { row in
            ModelSummary(
                modelName: row.key.model ?? "", totalRequests: row.requests, averageLatencyMilliseconds: row.latencyMean,
                minimumLatencyMilliseconds: row.latencyMinimum, maximumLatencyMilliseconds: row.latencyMaximum,
                totalPromptTokens: row.promptTokens, totalCompletionTokens: row.completionTokens,
                firstSeen: row.firstSeen ?? 0, lastSeen: row.lastSeen ?? 0)
        }
    }
}
