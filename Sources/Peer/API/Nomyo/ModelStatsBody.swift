import Store

/// The answer of `POST /api/stats`: one model, minute by minute.
struct ModelStatsBody: Encodable {
    struct Point: Encodable {
        let endpoint: String
        let input_tokens: Int
        let output_tokens: Int
        let total_tokens: Int
        let timestamp: Int
    }

    let model: String
    let input_tokens: Int
    let output_tokens: Int
    let total_tokens: Int
    let time_series: [Point]
    let endpoint_distribution: [String: Int]

    init(model: String, totals: [Counted], minutes: [TokenMinute]) {
        self.model = model
        input_tokens = totals.reduce(0) { $0 + $1.promptTokens }
        output_tokens = totals.reduce(0) { $0 + $1.completionTokens }
        total_tokens = input_tokens + output_tokens
        time_series = minutes.map {
            Point(
                endpoint: $0.nodeID, input_tokens: $0.promptTokens, output_tokens: $0.completionTokens,
                total_tokens: $0.promptTokens + $0.completionTokens, timestamp: $0.minuteBucket)
        }
        endpoint_distribution = Dictionary(
            totals.map { ($0.key.node ?? "", $0.promptTokens + $0.completionTokens) }, uniquingKeysWith: +)
    }
}
