import Foundation
import Gossip
import Health
import Insight

/// The answer of `GET /dashboard/api/context-usage`, under ollama-herd's keys and with `shards`.
struct ContextUsageBody: Encodable, Sendable {
    struct Tokens: Encodable, Sendable {
        let avg: Double?
        let p50: Double?
        let p75: Double?
        let p95: Double?
        let p99: Double?
        let max: Double?

        init(_ histogram: LogHistogram) {
            avg = histogram.mean.map { $0.rounded() }
            func at(_ share: Double) -> Double? { histogram.percentile(share).map { min($0, histogram.maximum).rounded() } }
            p50 = at(0.5)
            p75 = at(0.75)
            p95 = at(0.95)
            p99 = at(0.99)
            max = histogram.count == 0 ? nil : histogram.maximum
        }
    }

    struct Totals: Encodable, Sendable {
        let p95: Double?
        let p99: Double?
        let max: Double?
        let max_24h: Double?
    }

    struct Model: Encodable, Sendable {
        let model: String
        let allocated_ctx: Int?
        let override_ctx: Int?
        let request_count: Int
        let prompt_tokens: Tokens
        let total_tokens: Totals
        let utilization_pct: Double?
        let recommended_ctx: Int?
        let savings_pct: Double?
    }

    let days: Int
    let models: [Model]
    let shards: ShardCoverage

    /// Asks everybody for the tokens of so many days.
    static func make(_ facts: PeerFacts, days: Int, isLocal: Bool) async -> ContextUsageBody {
        let now = Date().timeIntervalSince1970
        let answer = await FleetDigests(facts: facts).gather(since: now - Double(days) * 86_400, isLocal: isLocal)
        let traffic = answer.digests.reduce(into: TrafficDigest()) { $0.add($1.traffic) }
        let view = facts.view()
        let settings = facts.health.settings()
        let models = traffic.models.compactMap { name -> Model? in
            let all = traffic.total(.day) { $0.model == name }
            guard all.tokens.count > 0 else { return nil }
            let last = traffic.total(.hour) { $0.model == name }
            let allocated = view.members.filter { $0.status == .alive || $0.status == .suspect }
                .flatMap { $0.models?.loaded ?? [] }.filter { ModelKey.canonical($0.name) == name }.compactMap(\.contextLength)
                .max()
            let usage = ContextAdvice(
                allocated: allocated, tokens: all.tokens, latestMaximum: last.tokens.count == 0 ? nil : last.tokens.maximum)
            return Model(
                model: name, allocated_ctx: allocated, override_ctx: settings.contextOverrides[name],
                request_count: all.tokens.count, prompt_tokens: Tokens(all.promptTokens),
                total_tokens: Totals(
                    p95: Tokens(all.tokens).p95, p99: Tokens(all.tokens).p99, max: all.tokens.maximum,
                    max_24h: last.tokens.count == 0 ? nil : last.tokens.maximum),
                utilization_pct: usage.utilizationPercent, recommended_ctx: usage.recommended, savings_pct: usage.savingsPercent)
        }
        return ContextUsageBody(days: days, models: models, shards: answer.coverage)
    }
}
