import Gossip

/// Which of an engine's models are offered: patterns with `*` for any text, upper and lower case alike. Without a pattern, all.
public struct ModelChoice: Hashable, Sendable {
    /// The patterns, canonical (`ModelKey.canonical`) where they hold no `*`.
    public let patterns: [String]

    /// More models of one engine are not told to the fleet: lists travel between peers.
    static let limit = 1024

    /// All models.
    public init() { patterns = [] }

    /// Reads patterns with `|` between; nil when there is none, or more than 256.
    public init?(_ text: some StringProtocol) {
        let patterns = text.split(separator: "|").map { $0.contains("*") ? $0.lowercased() : ModelKey.canonical(String($0)) }
        guard (1...256).contains(patterns.count) else { return nil }
        self.patterns = patterns
    }

    /// The model is offered.
    public func takes(_ name: String) -> Bool {
        patterns.isEmpty
            || patterns.contains { $0.contains("*") ? Self.matches(name.lowercased(), $0) : $0 == ModelKey.canonical(name) }
    }

    /// What is offered of an engine's models.
    func applied(to facts: EngineFacts) -> EngineFacts {
        guard !patterns.isEmpty || facts.available.count > Self.limit else { return facts }
        var facts = facts
        facts.available = Array(facts.available.lazy.filter { takes($0.name) }.prefix(Self.limit))
        let names = Set(facts.available.map(\.name))
        facts.loaded.removeAll { !names.contains($0.model.name) }
        facts.aliases = facts.aliases.filter { names.contains($0.value) }
        return facts
    }

    /// `gpt-*-mini`: the pieces between the stars in order, the first at the start, the last at the end.
    private static func matches(_ name: String, _ pattern: String) -> Bool {
        let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard let first = pieces.first, let last = pieces.last, name.hasPrefix(first) else { return false }
        var rest = name.dropFirst(first.count)
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let found = rest.firstRange(of: piece) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}
