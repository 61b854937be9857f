import Foundation
import Gossip
import Health
import Insight

/// The answer of `GET /dashboard/api/recommendations`, under ollama-herd's keys and with `shards`.
struct AdviceBody: Encodable, Sendable {
    struct Recommendation: Encodable, Sendable {
        let model: String
        let display_name: String
        let category: ModelKind
        let ram_gb: Double
        let quality_score: Double?
        let reason: String
        let priority: FleetAdvice.Priority
        let already_available: Bool
    }

    struct Node: Encodable, Sendable {
        let node_id: String
        let total_ram_gb: Double
        let usable_ram_gb: Double
        let current_models: [String]
        let recommendations: [Recommendation]
        let disk_total_gb: Double?
        let disk_available_gb: Double?
        let total_recommended_ram_gb: Double
        let ram_headroom_gb: Double
    }

    struct TopModel: Encodable, Sendable {
        let model: String
        let requests: Int
        let category: ModelKind
    }

    struct Usage: Encodable, Sendable {
        let total_requests_24h: Int
        let category_breakdown: [String: Int]
        let top_models: [TopModel]
        let category_coverage: [String: Int]
    }

    let nodes: [Node]
    let usage: Usage
    let fleet_summary: String
    let uncovered_categories: [ModelKind]
    let generated_at: Double
    let shards: ShardCoverage

    /// Asks everybody, and thinks.
    static func make(_ facts: PeerFacts, isLocal: Bool) async -> AdviceBody {
        let answer = await FleetDigests(facts: facts).gather(isLocal: isLocal)
        return AdviceBody(AdviceFacts(facts.view(), answer.digests), coverage: answer.coverage)
    }

    init(_ facts: AdviceFacts, coverage: ShardCoverage) {
        let advice = FleetAdvice(facts)
        nodes = advice.nodes.map(Node.init)
        let kinds = Dictionary(
            facts.nodes.flatMap(\.models).map { ($0.name, ModelKind($0.name, capabilities: $0.capabilities)) },
            uniquingKeysWith: { first, _ in first })
        let top = facts.requests.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(10)
        usage = Usage(
            total_requests_24h: facts.requests.values.reduce(0, +), category_breakdown: Self.named(advice.demand),
            top_models: top.map { TopModel(model: $0.key, requests: $0.value, category: kinds[$0.key] ?? ModelKind($0.key)) },
            category_coverage: Self.named(advice.coverage))
        uncovered_categories = advice.uncovered
        fleet_summary = Self.summary(advice)
        generated_at = Date().timeIntervalSince1970
        shards = coverage
    }

    private static func named(_ counts: [ModelKind: Int]) -> [String: Int] {
        Dictionary(counts.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    private static func summary(_ advice: FleetAdvice) -> String {
        guard !advice.nodes.isEmpty else { return "No node in reach has an Ollama that could take models." }
        let all = advice.nodes.flatMap(\.recommendations)
        let new = all.count { !$0.isThere }
        let memory = advice.nodes.reduce(0) { $0 + $1.memoryGigabytes }.gigabytes
        let rest =
            advice.uncovered.isEmpty ? "" : " Nothing fits for: \(advice.uncovered.map(\.rawValue).joined(separator: ", "))."
        return "\(advice.nodes.count) nodes with \(memory) GB together: \(all.count - new) models to keep, \(new) to pull." + rest
    }
}

extension AdviceBody.Node {
    init(_ node: FleetAdvice.Node) {
        self.init(
            node_id: node.name, total_ram_gb: node.memoryGigabytes.gigabytes, usable_ram_gb: node.usableGigabytes.gigabytes,
            current_models: node.current,
            recommendations: node.recommendations.map { item in
                AdviceBody.Recommendation(
                    model: item.model, display_name: item.displayName, category: item.kind,
                    ram_gb: item.memoryGigabytes.gigabytes,
                    quality_score: item.quality, reason: item.reason, priority: item.priority, already_available: item.isThere)
            }, disk_total_gb: node.diskTotalGigabytes?.gigabytes, disk_available_gb: node.diskFreeGigabytes?.gigabytes,
            total_recommended_ram_gb: node.recommendedGigabytes.gigabytes, ram_headroom_gb: node.headroomGigabytes.gigabytes)
    }
}
