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

    init(model: String, totals: [TokenFacts.Total], minutes: [TokenFacts.Minute]) {
        self.model = model
        input_tokens = totals.reduce(0) { $0 + $1.input }
        output_tokens = totals.reduce(0) { $0 + $1.output }
        total_tokens = input_tokens + output_tokens
        time_series = minutes.map {
            Point(
                endpoint: $0.node, input_tokens: $0.input, output_tokens: $0.output, total_tokens: $0.input + $0.output,
                timestamp: $0.begin)
        }
        endpoint_distribution = Dictionary(totals.map { ($0.node, $0.input + $0.output) }, uniquingKeysWith: +)
    }
}
