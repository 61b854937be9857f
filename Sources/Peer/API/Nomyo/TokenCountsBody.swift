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

    init(_ totals: [TokenFacts.Total]) {
        breakdown = totals.map {
            Row(
                endpoint: $0.node, model: $0.model, input_tokens: $0.input, output_tokens: $0.output,
                total_tokens: $0.input + $0.output)
        }
        total_tokens = breakdown.reduce(0) { $0 + $1.total_tokens }
    }
}
