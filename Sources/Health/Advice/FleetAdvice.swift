/// Which models each node should have (herd-compat §3.3): the most used ones that are there, then for each category the best that
/// fits, the biggest nodes first.
public struct FleetAdvice: Hashable, Sendable {
    /// How much a recommendation matters.
    public enum Priority: String, Hashable, Sendable, Encodable {
        case high
        case medium
        case low
    }

    /// One model for one node.
    public struct Recommendation: Hashable, Sendable {
        /// Its name in Ollama's library.
        public var model: String
        /// For people.
        public var displayName: String
        /// What it is made for.
        public var kind: ModelKind
        /// Memory that it takes, GB.
        public var memoryGigabytes: Double
        /// 0…100; nil for a model that the catalog does not have.
        public var quality: Double?
        /// Why, in words.
        public var reason: String
        /// How much it matters.
        public var priority: Priority
        /// It is on the node's disk.
        public var isThere: Bool
    }

    /// One node with its models.
    public struct Node: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Its memory, GB.
        public var memoryGigabytes: Double
        /// What of it models may take, GB.
        public var usableGigabytes: Double
        /// Models in memory.
        public var current: [String]
        /// What it should have.
        public var recommendations: [Recommendation] = []
        /// Its disk, GB; nil while unknown.
        public var diskTotalGigabytes: Double?
        /// What is free of it, GB; nil while unknown.
        public var diskFreeGigabytes: Double?

        /// Memory that the recommended models take together, GB.
        public var recommendedGigabytes: Double { recommendations.reduce(0) { $0 + $1.memoryGigabytes } }
        /// What is left then, GB.
        public var headroomGigabytes: Double { usableGigabytes - recommendedGigabytes }
    }

    /// What the system and other programs keep, GB.
    public static let reserve = 6.0
    /// Copies of one model in a fleet.
    static let mostCopies = 2
    /// With so much left a small model is added, GB.
    static let fillerRoom = 2.0

    /// The nodes, the biggest first.
    public private(set) var nodes: [Node] = []
    /// Requests of 24 hours by category.
    public private(set) var demand: [ModelKind: Int] = [:]
    /// Nodes that have a model of a category on disk.
    public private(set) var coverage: [ModelKind: Int] = [:]
    /// Categories that no node has, on disk or recommended.
    public private(set) var uncovered: [ModelKind] = []
    private var copies: [String: Int] = [:]

    /// Makes the recommendations.
    public init(_ facts: AdviceFacts) {
        for (model, count) in facts.requests { demand[Self.kind(of: model, facts), default: 0] += count }
        for kind in ModelKind.allCases {
            coverage[kind] = facts.nodes.count {
                $0.models.contains { ModelKind($0.name, capabilities: $0.capabilities) == kind }
            }
        }
        let wanted = ModelKind.usual.enumerated().sorted {
            (-(demand[$0.element] ?? 0), $0.offset) < (-(demand[$1.element] ?? 0), $1.offset)
        }.map(\.element)
        for node in facts.nodes.sorted(by: { ($1.memoryGigabytes, $0.name) < ($0.memoryGigabytes, $1.name) }) {
            nodes.append(advise(node, wanted: wanted, facts))
        }
        uncovered = ModelKind.usual.filter { kind in
            coverage[kind] == 0 && !nodes.contains { $0.recommendations.contains { $0.kind == kind } }
        }
    }

    private static func kind(of model: String, _ facts: AdviceFacts) -> ModelKind {
        let known = facts.nodes.lazy.flatMap(\.models).first { $0.name == model }
        return ModelKind(model, capabilities: known?.capabilities ?? [])
    }

    private mutating func advise(_ node: AdviceFacts.Node, wanted: [ModelKind], _ facts: AdviceFacts) -> Node {
        var advice = Node(
            name: node.name, memoryGigabytes: node.memoryGigabytes, usableGigabytes: max(0, node.memoryGigabytes - Self.reserve),
            current: node.models.filter(\.isLoaded).map(\.name).sorted(), diskTotalGigabytes: node.diskTotalGigabytes,
            diskFreeGigabytes: node.diskFreeGigabytes)
        keepUsed(node, facts, &advice)
        var disk = node.diskFreeGigabytes ?? .infinity
        for kind in wanted where !advice.recommendations.contains(where: { $0.kind == kind }) {
            let count = demand[kind] ?? 0
            let priority: Priority = count > 0 ? (coverage[kind] == 0 ? .high : .medium) : .low
            let reason =
                count > 0
                ? "\(count) requests of 24 hours were for \(kind.rawValue) models" : "the best \(kind.rawValue) model that fits"
            add(kind, to: &advice, node, &disk, priority: priority, reason: reason)
        }
        if advice.headroomGigabytes >= Self.fillerRoom, !advice.recommendations.contains(where: { $0.kind == .fastChat }) {
            add(.fastChat, to: &advice, node, &disk, priority: .low, reason: "a small, fast model for the memory that is left")
        }
        return advice
    }

    /// The most used models that are there, one of each family, none larger than half of the node.
    private mutating func keepUsed(_ node: AdviceFacts.Node, _ facts: AdviceFacts, _ advice: inout Node) {
        var families: Set<String> = []
        let used = node.models.filter { (facts.requests[$0.name] ?? 0) > 0 }
            .sorted { (-(facts.requests[$0.name] ?? 0), $0.name) < (-(facts.requests[$1.name] ?? 0), $1.name) }
        for model in used {
            let memory = model.gigabytes * PinBudget.overhead
            guard memory <= advice.usableGigabytes / 2, memory <= advice.headroomGigabytes,
                families.insert(CatalogModel.family(model.name)).inserted
            else { continue }
            let known = CatalogModel.named(model.name)
            copies[model.name, default: 0] += 1
            advice.recommendations.append(
                Recommendation(
                    model: model.name, displayName: known?.displayName ?? model.name,
                    kind: ModelKind(model.name, capabilities: model.capabilities), memoryGigabytes: memory,
                    quality: known?.quality, reason: "\(facts.requests[model.name] ?? 0) requests in 24 hours", priority: .high,
                    isThere: true))
        }
    }

    /// The best of a category that fits into the memory and onto the disk.
    private mutating func add(
        _ kind: ModelKind, to advice: inout Node, _ node: AdviceFacts.Node, _ disk: inout Double, priority: Priority,
        reason: String
    ) {
        let fitting = CatalogModel.all.filter { model in
            let isThere = node.models.contains { CatalogModel.isSame($0.name, model.name) }
            return model.kind == kind && model.memoryGigabytes <= advice.headroomGigabytes
                && copies[model.name, default: 0] < Self.mostCopies && (isThere || model.gigabytes <= disk)
                && !advice.recommendations.contains { CatalogModel.isSame($0.model, model.name) }
        }
        guard let best = fitting.max(by: { ($0.quality, $1.gigabytes) < ($1.quality, $0.gigabytes) }) else { return }
        let isThere = node.models.contains { CatalogModel.isSame($0.name, best.name) }
        if !isThere { disk -= best.gigabytes }
        copies[best.name, default: 0] += 1
        advice.recommendations.append(
            Recommendation(
                model: best.name, displayName: best.displayName, kind: kind, memoryGigabytes: best.memoryGigabytes,
                quality: best.quality, reason: reason, priority: priority, isThere: isThere))
    }
}

extension CatalogModel {
    /// Two spellings of one model.
    static func isSame(_ one: String, _ other: String) -> Bool {
        func full(_ name: String) -> String { name.contains(":") ? name : name + ":latest" }
        return full(one) == full(other)
    }
}
