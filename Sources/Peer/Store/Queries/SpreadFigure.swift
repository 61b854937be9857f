/// What of a completed request is measured.
public enum SpreadFigure: String, Sendable, Hashable, Codable, CaseIterable {
    /// From arrival to end, milliseconds.
    case latency
    /// From arrival to the first body byte, milliseconds.
    case firstToken = "first_token"
    /// Prompt tokens.
    case promptTokens = "prompt_tokens"
    /// Prompt and answer tokens.
    case totalTokens = "total_tokens"

    /// Its column.
    var sql: String {
        switch self {
        case .latency: "latency_ms"
        case .firstToken: "time_to_first_token_ms"
        case .promptTokens: "prompt_tokens"
        case .totalTokens: "coalesce(prompt_tokens, 0) + coalesce(completion_tokens, 0)"
        }
    }
}
