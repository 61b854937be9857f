public import Gossip

/// Which of the fleet's models answer for a vendor's model, such as `claude-sonnet-4-5`, that no machine has (herd-compat §1.5).
public struct StandInModels: Sendable, Hashable {
    /// What somebody wrote down: a name, or `default` for all others, and the model that answers for it. In the order of the names.
    public var written: [Written]
    /// The fleet's models are looked through for a vendor's name for which nothing is written.
    public var isAutomatic: Bool

    /// One line of what somebody wrote down.
    public struct Written: Sendable, Hashable {
        /// The vendor's name.
        public var name: String
        /// The model that answers for it.
        public var model: String

        /// A line.
        public init(name: String, model: String) {
            self.name = name
            self.model = model
        }
    }

    /// At most so many are tried, one after the other.
    static let most = 3

    /// What is configured; nothing written, automatic, unless told otherwise.
    public init(written: [Written] = [], isAutomatic: Bool = true) {
        self.written = written
        self.isAutomatic = isAutomatic
    }

    /// The names to ask for in place of `request.model`, best first; none where nothing can answer for it.
    public func names(for request: RouteRequest, in view: FleetView) -> [String] {
        if let line = written.first(where: { ModelKey.canonical($0.name) == ModelKey.canonical(request.model) }) {
            return [line.model]
        }
        var names = isAutomatic && Self.isVendors(request.model) ? automatic(request, view) : []
        if names.count < Self.most, let rest = written.first(where: { $0.name == "default" }) { names.append(rest.model) }
        return names
    }

    /// A vendor's name. Others are meant for the fleet: a slip in one of them must not be answered by another model.
    public static func isVendors(_ name: String) -> Bool {
        let lower = name.lowercased()
        // What can be downloaded has a tag, or is `gpt-oss`.
        guard !lower.contains(":"), !lower.hasPrefix("gpt-oss") else { return false }
        return ["claude", "gpt-", "chatgpt", "codex", "o1", "o3", "o4", "anthropic/", "openai/"].contains { lower.hasPrefix($0) }
    }

    private struct Choice {
        var name: String
        var isLoaded: Bool
        var score: Double
    }

    private func automatic(_ request: RouteRequest, _ view: FleetView) -> [String] {
        let tier = Tier(request.model)
        var choices: [Choice] = []
        for member in view.members where member.status == .alive || member.status == .suspect {
            guard let models = member.models else { continue }
            for model in models.available {
                guard let backend = models.backends.first(where: { $0.id == model.backend && $0.reachable }),
                    backend.isOutside != true,
                    Abilities(model.capabilities, of: backend).allow(request), !Self.isSilent(model.name)
                else { continue }
                let isLoaded = models.loaded.contains { $0.name == model.name && $0.backend == model.backend }
                let score = tier.score(
                    billions: ModelSize.parameters(in: model.name) ?? ModelSize.parameters(in: model.parameterSize),
                    bonus: ModelCategory(model.name).bonus)
                choices.append(Choice(name: model.name, isLoaded: isLoaded || backend.kind != .ollama, score: score))
            }
        }
        choices.sort { first, second in
            if first.isLoaded != second.isLoaded { return first.isLoaded }
            return first.score != second.score ? first.score > second.score : first.name < second.name
        }
        var names: [String] = []
        for choice in choices where names.count < Self.most && !names.contains(choice.name) { names.append(choice.name) }
        return names
    }

    /// A name that speaks of embeddings, ranking or pictures, for engines that tell no capabilities.
    private static func isSilent(_ name: String) -> Bool {
        let lower = name.lowercased()
        return ["embed", "rerank", "bge-", "x/"].contains { lower.contains($0) }
    }

    /// What a vendor's name promises.
    private enum Tier {
        case fast
        case balanced
        case premium

        init(_ model: String) {
            let lower = model.lowercased()
            if lower.contains("haiku") || lower.contains("-mini") || lower.contains("-nano") {
                self = .fast
            } else if lower.contains("opus") || lower.contains("-pro") {
                self = .premium
            } else {
                self = .balanced
            }
        }

        /// 50 for the unknown quality of a model; small ones are fast, large ones are premium.
        func score(billions: Double?, bonus: Double) -> Double {
            let size = billions ?? 30
            return switch self {
            case .fast: 50 + bonus - 0.5 * size
            case .balanced: 50 + bonus
            case .premium: 50 + bonus + 0.1 * size
            }
        }
    }
}
