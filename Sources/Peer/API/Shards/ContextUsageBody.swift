import Gossip
import Store

/// The answer of `GET /dashboard/api/context-usage`: how much of its context each model's requests fill.
struct ContextUsageBody: Encodable {
    /// Prompt tokens of the requests.
    struct Prompts: Encodable {
        let avg: Int
        let p50: Int
        let p75: Int
        let p95: Int
        let p99: Int
        let max: Int

        init(_ spread: Spread) {
            avg = Int(spread.mean?.rounded() ?? 0)
            p50 = spread.whole(0.5)
            p75 = spread.whole(0.75)
            p95 = spread.whole(0.95)
            p99 = spread.whole(0.99)
            max = Int(spread.maximum ?? 0)
        }
    }

    /// Prompt and answer together.
    struct Totals: Encodable {
        let p95: Int
        let p99: Int
        let max: Int
        let max_24h: Int

        init(_ total: ModelSpread) {
            let spread = total.spread
            p95 = spread.whole(0.95)
            p99 = spread.whole(0.99)
            max = Int(spread.maximum ?? 0)
            max_24h = Int(total.recentMaximum ?? 0)
        }
    }

    /// One model.
    struct Model: Encodable {
        let model: String
        /// The context that it is loaded with, the largest of all nodes; nil while it is not loaded.
        let allocated_ctx: Int?
        /// Set for it by configuration.
        let override_ctx: Int?
        let request_count: Int
        let prompt_tokens: Prompts
        let total_tokens: Totals
        /// What 95 of 100 requests stay below, of the allocated context.
        let utilization_pct: Double?
        let recommended_ctx: Int
        /// What the recommended context would save of the allocated one.
        let savings_pct: Double?

        private enum Key: String, CodingKey {
            case model, allocated_ctx, override_ctx, request_count, prompt_tokens, total_tokens, utilization_pct
            case recommended_ctx, savings_pct
        }

        /// Writes all keys, those without a value too.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(model, forKey: .model)
            try container.encode(allocated_ctx, forKey: .allocated_ctx)
            try container.encode(override_ctx, forKey: .override_ctx)
            try container.encode(request_count, forKey: .request_count)
            try container.encode(prompt_tokens, forKey: .prompt_tokens)
            try container.encode(total_tokens, forKey: .total_tokens)
            try container.encode(utilization_pct, forKey: .utilization_pct)
            try container.encode(recommended_ctx, forKey: .recommended_ctx)
            try container.encode(savings_pct, forKey: .savings_pct)
        }
    }

    let days: Int
    let models: [Model]

    /// - Parameters:
    ///   - spreads: prompt tokens and totals; recent are those of the last 24 hours.
    init(days: Int, spreads: [ModelSpread], counts: [Counted], view: FleetView) {
        self.days = days
        let prompts = spreads.filter { $0.figure == .promptTokens }
        let wholes = Dictionary(
            spreads.filter { $0.figure == .totalTokens }.map { ($0.model, $0) }, uniquingKeysWith: { first, _ in first })
        let completed = Dictionary(counts.map { ($0.key.model ?? "", $0.completed) }, uniquingKeysWith: +)
        models = prompts.compactMap { row in
            guard let whole = wholes[row.model] else { return nil }
            let total = whole.spread
            let allocated = view.members.compactMap { member in
                member.models?.loaded.first { ModelKey.canonical($0.name) == ModelKey.canonical(row.model) }?.contextLength
            }.max().map { Int($0) }
            let most = max(total.whole(0.99), Int(whole.recentMaximum ?? 0))
            let recommended = Self.recommended(most)
            return Model(
                model: row.model, allocated_ctx: allocated, override_ctx: nil, request_count: completed[row.model] ?? total.count,
                prompt_tokens: Prompts(row.spread), total_tokens: Totals(whole),
                utilization_pct: allocated.map { Self.share(total.whole(0.95), of: $0) }, recommended_ctx: recommended,
                savings_pct: allocated.map { max(0, 100 - Self.share(recommended, of: $0)) })
        }
    }

    /// The next power of two above what 99 of 100 requests need, or the largest of the last day, and half as much again; at least
    /// 4,096.
    static func recommended(_ tokens: Int) -> Int {
        var context = 4096
        while context < 1 << 30, context < tokens + tokens / 2 { context *= 2 }
        return context
    }

    private static func share(_ part: Int, of whole: Int) -> Double {
        whole > 0 ? (Double(part) / Double(whole) * 1000).rounded() / 10 : 0
    }
}

extension Spread {
    /// A percentile as a whole number; 0 without values.
    func whole(_ share: Double) -> Int { Int(percentile(share)?.rounded() ?? 0) }
}
