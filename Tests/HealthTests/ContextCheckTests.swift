import Testing

@testable import Health

@Suite struct ContextCheckTests {
    @Test func protection() {
        #expect(Cases.severity("context_protection_insufficient", Cases.traffic(day: { $0.contextReloads = 1 })) == .warning)
        #expect(Cases.severity("context_protection_insufficient", Cases.traffic(day: { $0.contextOverflows = 1 })) == .warning)
        let kept = Cases.traffic(day: { $0.contextsKept = 1 })
        #expect(Cases.severity("context_protection_insufficient", kept) == nil)
        #expect(Cases.severity("context_protection_active", kept) == .info)
        #expect(Cases.severity("context_protection_active", Cases.calm()) == nil)
        #expect(Cases.severity("context_protection_active", Cases.traffic(day: { $0.contextReloads = 1 })) == nil)
    }

    /// Requests of 1,000 tokens each.
    private static func used(
        _ requests: Int, context: Int, override: Int? = nil
    ) -> @Sendable (inout HealthFacts) -> Void {
        { facts in
            facts.nodes[0].resident = [.init("m", context: context)]
            facts.settings.contextOverrides["m"] = override
            facts.digests[0].traffic.change(node: "desk", model: "m") { pair in
                for _ in 0..<requests { pair.day.tokens.add(1_000) }
            }
        }
    }

    static let waste: [Cases.Row] = [
        .init("nine requests", nil, used(9, context: 100_000)), .init("ten requests", .warning, used(10, context: 100_000)),
        .init("four times", nil, used(10, context: 3_900)), .init("more", .info, used(10, context: 4_600)),
        .init("eight times", .info, used(10, context: 7_600)), .init("more than eight", .warning, used(10, context: 9_000)),
        .init("an operator wants it so", .info, used(10, context: 9_000, override: 9_000)),
    ]
    @Test(arguments: waste) func contextWaste(row: Cases.Row) { #expect(row.check("context_waste")) }

    private static func resident(_ context: Int, override: Int, free: Double) -> @Sendable (inout HealthFacts) -> Void {
        { facts in
            facts.nodes[0].availableGigabytes = free
            facts.nodes[0].resident = [.init("m", context: context)]
            facts.settings.contextOverrides = ["m": override]
        }
    }

    static let inert: [Cases.Row] = [
        .init("as wanted", nil, resident(4_096, override: 4_096, free: 1)),
        .init("larger, memory scarce", .warning, resident(8_192, override: 4_096, free: 39.9)),
        .init("larger, memory left", .info, resident(8_192, override: 4_096, free: 40)),
        .init("smaller", .info, resident(2_048, override: 4_096, free: 1)),
    ]
    @Test(arguments: inert) func overridesInert(row: Cases.Row) { #expect(row.check("num_ctx_override_inert")) }

    private static func other(_ requests: Int, free: Double, overrides: [String: Int]) -> @Sendable (inout HealthFacts) -> Void {
        { facts in
            facts.nodes[0].availableGigabytes = free
            facts.nodes[0].resident = [.init("m", context: 4_096)]
            facts.settings.contextOverrides = overrides
            facts.digests[0].traffic.change(node: "desk", model: "m") { $0.day.completed = requests }
        }
    }

    static let unmanaged: [Cases.Row] = [
        .init("nobody uses overrides", nil, other(9, free: 1, overrides: [:])),
        .init("not used", nil, other(0, free: 1, overrides: ["n": 1])),
        .init("memory scarce", .warning, other(1, free: 39.9, overrides: ["n": 1])),
        .init("memory left", .info, other(1, free: 40, overrides: ["n": 1])),
        .init("it has one", nil, other(1, free: 1, overrides: ["m": 4_096])),
    ]
    @Test(arguments: unmanaged) func unmanagedContexts(row: Cases.Row) { #expect(row.check("num_ctx_unmanaged")) }
}
