/// What happened to requests, by node and model, in sums that add up over shards.
public struct TrafficDigest: Hashable, Sendable, Codable {
    /// Two spans, both ending now.
    public enum Span: Sendable {
        /// The last 24 hours.
        case day
        /// The last hour: what counts as recent.
        case hour
    }

    /// One node and model.
    public struct Pair: Hashable, Sendable, Codable {
        /// The node; empty where none was found.
        public var node: String
        /// The model that served or should have.
        public var model: String
        /// The last 24 hours.
        public var day = TrafficCounts()
        /// The last hour.
        public var hour = TrafficCounts()

        /// Nothing of a pair.
        public init(node: String, model: String) {
            self.node = node
            self.model = model
        }

        /// The counts of a span.
        public func counts(_ span: Span) -> TrafficCounts { span == .day ? day : hour }
    }

    /// By node and model, in that order.
    public private(set) var pairs: [Pair] = []
    /// Requests that another model served in the last 24 hours, by the model that was asked for.
    public var substituted: [String: Int] = [:]
    /// The latest 20,000 requests of 24 hours at most were looked at one by one.
    public static let closelyRead = 20_000
    /// More pairs are not kept.
    public static let mostPairs = 2_000

    /// Nothing happened.
    public init() {}

    /// Changes the counts of a pair; one too many goes without.
    public mutating func change(node: String, model: String, _ body: (inout Pair) -> Void) {
        let place = place(node, model)
        if place == pairs.count || (pairs[place].node, pairs[place].model) != (node, model) {
            guard pairs.count < Self.mostPairs else { return }
            pairs.insert(Pair(node: node, model: model), at: place)
        }
        body(&pairs[place])
    }

    /// Where a pair is, or belongs. Twenty thousand requests are looked up one by one.
    private func place(_ node: String, _ model: String) -> Int {
        var low = 0
        var high = pairs.count
        while low < high {
            let middle = (low + high) / 2
            if (pairs[middle].node, pairs[middle].model) < (node, model) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Adds another shard's.
    public mutating func add(_ other: TrafficDigest) {
        for pair in other.pairs {
            change(node: pair.node, model: pair.model) { mine in
                mine.day.add(pair.day)
                mine.hour.add(pair.hour)
            }
        }
        for (model, count) in other.substituted where substituted.count < Self.mostPairs || substituted[model] != nil {
            substituted[model, default: 0] += count
        }
    }

    /// All pairs that `include` lets in, added up.
    public func total(_ span: Span, where include: (Pair) -> Bool = { _ in true }) -> TrafficCounts {
        pairs.reduce(into: TrafficCounts()) { sum, pair in if include(pair) { sum.add(pair.counts(span)) } }
    }

    /// The models, in order.
    public var models: [String] { Set(pairs.map(\.model)).sorted() }
    /// The nodes, in order; the empty name where none was found.
    public var nodes: [String] { Set(pairs.map(\.node)).sorted() }

    /// Figures by model, largest first.
    func byModel(_ span: Span, _ figure: (TrafficCounts) -> Int) -> [(name: String, count: Int)] {
        models.map { model in (name: model, count: figure(total(span) { $0.model == model })) }.filter { $0.count > 0 }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }
}
