import Testing

@testable import Health

/// Facts by their makers, and the findings of one check among all.
enum Cases {
    /// A fleet of one quiet, closed node with a router.
    static func calm(_ change: (inout HealthFacts) -> Void = { _ in }) -> HealthFacts {
        var facts = HealthFacts()
        var node = NodeFacts("desk")
        node.version = "1.0"
        node.isSelf = true
        node.totalGigabytes = 64
        node.availableGigabytes = 20
        node.protocols = 1...1
        node.engines = [.init("ollama", isReachable: true)]
        facts.nodes = [node]
        facts.version = "1.0"
        facts.mesh.router = "desk"
        facts.mesh.epoch = 3
        facts.mesh.roster = ["desk"]
        facts.mesh.unchangedSeconds = 1_000
        facts.digests = [PeerDigest(node: "desk")]
        change(&facts)
        return facts
    }

    /// One node beside `desk`.
    static func pair(_ status: NodeFacts.Status = .online, _ change: (inout NodeFacts) -> Void = { _ in }) -> HealthFacts {
        calm { facts in
            var node = NodeFacts("attic", status)
            node.version = "1.0"
            node.silenceSeconds = 12
            change(&node)
            facts.nodes.append(node)
        }
    }

    /// The traffic of `desk` and `tiny`.
    static func traffic(
        day: (inout TrafficCounts) -> Void, hour: (inout TrafficCounts) -> Void = { _ in }, facts: HealthFacts = calm()
    ) -> HealthFacts {
        var facts = facts
        facts.digests[0].traffic.change(node: "desk", model: "tiny") { pair in
            day(&pair.day)
            hour(&pair.hour)
        }
        return facts
    }

    /// What one check found: its severity, or nil.
    static func severity(_ id: String, _ facts: HealthFacts) -> Severity? { finding(id, facts)?.severity }

    /// What one check found.
    static func finding(_ id: String, _ facts: HealthFacts) -> Finding? {
        HealthReport(facts).findings.first { $0.checkID == id }
    }

    /// A change of the facts and what a check says then.
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: @Sendable (inout HealthFacts) -> Void
        var expected: Severity?

        init(_ name: String, _ expected: Severity?, _ change: @escaping @Sendable (inout HealthFacts) -> Void) {
            testDescription = name
            self.change = change
            self.expected = expected
        }

        func check(_ id: String) -> Bool { Cases.severity(id, Cases.calm { change(&$0) }) == expected }
    }
}
