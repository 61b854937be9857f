import Gossip
import Store

/// The answer of `GET /api/usage`, and each event of `GET /api/usage-stream`.
struct UsageBody: Encodable, Equatable {
    let usage_counts: [String: [String: Int]]
    let token_usage_counts: [String: [String: Int]]

    /// What runs is what this peer has sent, and what the nodes tell of themselves: whichever says more knows better.
    init(work: WorkFacts, view: FleetView, totals: [Counted]) {
        var running: [String: [String: Int]] = [:]
        for queue in work.queues where queue.inFlight > 0 { running[queue.node, default: [:]][queue.model] = queue.inFlight }
        for member in view.members where member.status == .alive || member.status == .suspect {
            let names = Dictionary(
                (member.models?.loaded ?? []).map { (ModelKey(name: $0.name), $0.name) }, uniquingKeysWith: { first, _ in first })
            for model in member.hot?.loaded ?? [] where model.inFlight > 0 {
                guard let name = names[model.key] else { continue }
                running[member.name, default: [:]][name] = max(running[member.name]?[name] ?? 0, Int(model.inFlight))
            }
        }
        usage_counts = running
        var tokens: [String: [String: Int]] = [:]
        for row in totals {
            tokens[row.key.node ?? "", default: [:]][row.key.model ?? "", default: 0] += row.promptTokens + row.completionTokens
        }
        token_usage_counts = tokens
    }
}
