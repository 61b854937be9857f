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
