import Foundation
import Gossip
import Insight
import Store

/// What contexts the fleet's requests of the last week needed, by `/dashboard/api/context-usage`'s formula.
public struct ContextAdviser: Sendable {
    /// What one model's requests needed.
    public struct Need: Sendable, Hashable {
        /// The model by its canonical name.
        public var model: String
        /// The context that would do, tokens.
        public var tokens: Int
        /// Requests that this follows from.
        public var requests: Int
    }

    private let facts: PeerFacts

    /// Asks the fleet's shards through `facts`.
    public init(_ facts: PeerFacts) { self.facts = facts }

    /// Every model with its needs, as far as shards answer.
    ///
    /// - Throws: where not even this peer's own shard answers.
    public func needs() async throws -> [Need] {
        let memory = FleetMemory(facts)
        let now = Date().timeIntervalSince1970
        let week = SpreadQuery(of: [.totalTokens], since: now - 7 * 86_400)
        async let lastDay = memory.recall(.spread(SpreadQuery(of: [.totalTokens], since: now - 86_400)))
        let whole = try await memory.recall(.spread(week))
        return Self.needs(whole.part.spreads, lastDay: try await lastDay.part.spreads)
    }

    /// Spellings of one model count together: the one that needs most decides.
    static func needs(_ spreads: [ModelSpread], lastDay: [ModelSpread]) -> [Need] {
        let latest = Dictionary(lastDay.map { ($0.model, $0.spread) }, uniquingKeysWith: { first, _ in first })
        var needs: [String: Need] = [:]
        for row in spreads where row.figure == .totalTokens {
            let name = ModelKey.canonical(row.model)
            let most = max(row.spread.whole(0.99), Int(latest[row.model]?.maximum ?? 0))
            let tokens = ContextUsageBody.recommended(most)
            var need = needs[name] ?? Need(model: name, tokens: 0, requests: 0)
            need.requests += row.spread.count
            need.tokens = max(need.tokens, tokens)
            needs[name] = need
        }
        return needs.values.sorted { ($1.requests, $0.model) < ($0.requests, $1.model) }
    }
}
