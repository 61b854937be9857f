public import Gossip

/// Names that stand for models: one each, or several in the order of preference. A model that some machine has goes before an alias
/// of its name.
public struct ModelAliases: Sendable, Hashable {
    /// One name with what it stands for.
    public struct Alias: Sendable, Hashable {
        /// The name as it was written.
        public var name: String
        /// The models, the preferred one first.
        public var models: [String]

        /// A name for models.
        public init(name: String, models: [String]) {
            self.name = name
            self.models = models
        }
    }

    /// In the order of their names.
    public let all: [Alias]
    private let byName: [String: Int]

    /// These aliases; of two names that are the same model name the first counts.
    public init(_ aliases: [Alias] = []) {
        all = aliases
        byName = Dictionary(
            aliases.indices.map { (ModelKey.canonical(aliases[$0].name), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// There is none.
    public var isEmpty: Bool { all.isEmpty }

    /// The name is an alias, whether or not a model has it too.
    public func contains(_ name: String) -> Bool { byName[ModelKey.canonical(name)] != nil }

    /// What to ask for in place of `name`; nil where it is no alias, or where a machine has a model of that name.
    public func models(for name: String, in view: FleetView) -> [String]? {
        guard !isEmpty else { return nil }
        let key = ModelKey.canonical(name)
        guard let place = byName[key] else { return nil }
        for member in view.members where member.status == .alive || member.status == .suspect {
            if member.models?.available.contains(where: { ModelKey.canonical($0.name) == key }) == true { return nil }
        }
        return all[place].models
    }
}
