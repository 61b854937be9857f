/// Totals over all requests in a shard. Coding keys are those of ollama-herd's overview.
public struct Overview: Sendable, Hashable, Codable {
    /// Requests, not attempts: rows whose status is not `retried`.
    public var totalRequests: Int
    /// Prompt tokens in all.
    public var totalPromptTokens: Int
    /// Answer tokens in all.
    public var totalCompletionTokens: Int
    /// Tokens in all.
    public var totalTokens: Int
    /// Different models that served.
    public var modelsCount: Int

    enum CodingKeys: String, CodingKey {
        case totalRequests = "total_requests"
        case totalPromptTokens = "total_prompt_tokens"
        case totalCompletionTokens = "total_completion_tokens"
        case totalTokens = "total_tokens"
        case modelsCount = "models_count"
    }
}
