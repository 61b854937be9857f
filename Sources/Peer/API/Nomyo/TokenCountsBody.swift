import Store

/// The answer of `GET /api/token_counts`.
struct TokenCountsBody: Encodable {
    struct Row: Encodable {
        let endpoint: String
        let model: String
        let input_tokens: Int
        let output_tokens: Int
        let total_tokens: Int
    }

    let total_tokens: Int
    let breakdown: [Row]

    init(_ totals: [Counted]) {
        breakdown = totals.map {
            Row(
                endpoint: $0.key.node ?? "", model: $0.key.model ?? "", input_tokens: $0.promptTokens,
                output_tokens: $0.completionTokens, total_tokens: $0.promptTokens + $0.completionTokens)
        }
        total_tokens = breakdown.reduce(0) { $0 + $1.total_tokens }
    }
}
