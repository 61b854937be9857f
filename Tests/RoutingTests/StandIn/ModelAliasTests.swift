import Gossip
import Routing
import Testing

/// Names that stand for models.
@Suite struct ModelAliasTests {
    private let aliases = ModelAliases([
        .init(name: "Smart", models: ["big:70b", "small:3b"]), .init(name: "smart:latest", models: ["never"]),
        .init(name: "real", models: ["small:3b"]),
    ])

    @Test func anAliasIsFoundByAnySpellingAndGoesBehindARealModel() {
        var members = [machine(1) { $0.models?.available = [listed("real:latest", gigabytes: 1, can: [])] }]
        for name in ["smart", "SMART:latest", "Smart"] {
            #expect(aliases.models(for: name, in: view(members)) == ["big:70b", "small:3b"])
            #expect(aliases.contains(name))
        }
        #expect(aliases.models(for: "smarter", in: view(members)) == nil)
        #expect(aliases.models(for: "real", in: view(members)) == nil)
        members[0].status = .unreachable
        #expect(aliases.models(for: "real", in: view(members)) == ["small:3b"])
        #expect(ModelAliases().models(for: "smart", in: view(members)) == nil && ModelAliases().isEmpty)
    }
}
