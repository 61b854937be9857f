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

/// The answer of `GET /api/usage`, and each event of `GET /api/usage-stream`.
struct UsageBody: Encodable, Equatable {
    let usage_counts: [String: [String: Int]]
    let token_usage_counts: [String: [String: Int]]

    init(work: WorkFacts, totals: [TokenFacts.Total]) {
        var running: [String: [String: Int]] = [:]
        for queue in work.queues where queue.inFlight > 0 { running[queue.node, default: [:]][queue.model] = queue.inFlight }
        usage_counts = running
        var tokens: [String: [String: Int]] = [:]
        for total in totals { tokens[total.node, default: [:]][total.model, default: 0] += total.input + total.output }
        token_usage_counts = tokens
    }
}
