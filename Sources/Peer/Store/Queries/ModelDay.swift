/// The requests of one model on one day (UTC). Coding keys are those of ollama-herd's model insights.
public struct ModelDay: Sendable, Hashable, Codable {
    /// The model.
    public var modelName: String
    /// The day's begin, seconds since 1970.
    public var dayBucket: Int
    /// Requests.
    public var requestCount: Int
    /// Nil when no request has a time.
    public var averageLatencyMilliseconds: Double?
    /// Prompt tokens in all.
    public var totalPromptTokens: Int
    /// Answer tokens in all.
    public var totalCompletionTokens: Int

    enum CodingKeys: String, CodingKey {
        case modelName = "model_name"
        case dayBucket = "day_bucket"
        case requestCount = "request_count"
        case averageLatencyMilliseconds = "avg_latency_ms"
        case totalPromptTokens = "total_prompt_tokens"
        case totalCompletionTokens = "total_completion_tokens"
    }
}

extension ModelDay {
    /// Counts by day and model, oldest day first.
    public static func all(_ counts: [Counted]) -> [ModelDay] {
        counts.filter { $0.requests > 0 }.sorted { $0.key < $1.key }.map { row in
            ModelDay(
                modelName: row.key.model ?? "", dayBucket: row.key.bucket ?? 0, requestCount: row.requests,
                averageLatencyMilliseconds: row.latencyMean, totalPromptTokens: row.promptTokens,
                totalCompletionTokens: row.completionTokens)
        }
    }
}
