import Testing

@testable import Health

@Suite struct ModelCheckTests {
    private static func resident(_ gigabytes: Double, _ weights: Double?, context: Int? = nil) -> [NodeFacts.Resident] {
        [.init("m", digest: "a", gigabytes: gigabytes, weights: weights, context: context)]
    }

    static let bloat: [Cases.Row] = [
        .init("1.5 times", nil) { $0.nodes[0].resident = resident(15, 10) },
        .init("a little more, a third", .warning) { $0.nodes[0].resident = resident(15.1, 10) },
        .init("among others: 30 %", .info) {
            $0.nodes[0].resident = resident(16, 10) + [.init("n", digest: "b", gigabytes: 4, weights: 4)]
        },
        .init("half", .warning) { $0.nodes[0].resident = resident(20, 10) },
        .init("more than half", .critical) { $0.nodes[0].resident = resident(20.1, 10) },
        .init("less than half a gigabyte", nil) { $0.nodes[0].resident = resident(0.5, 0.01) },
        .init("half a gigabyte", .critical) { $0.nodes[0].resident = resident(0.75, 0.25) },
        .init("weights unknown", nil) { $0.nodes[0].resident = resident(20, nil) },
        .init("as configured", .info) {
            $0.nodes[0].resident = resident(30, 10, context: 32_768)
            $0.settings.contextOverrides = ["m": 32_768]
        },
    ]
    @Test(arguments: bloat) func contextsTakeMemory(row: Cases.Row) { #expect(row.check("kv_cache_bloat")) }

    @Test func bloatTellsFigures() throws {
        let found = try #require(
            Cases.finding("kv_cache_bloat", Cases.calm { $0.nodes[0].resident = Self.resident(20, 10, context: 4_096) }))
        #expect(found.data["kv_cache_pct"] == .number(50) && found.data["total_vram_gb"] == .number(20))
        #expect(found.data["estimated_weights_gb"] == .number(10) && found.data["recoverable_gb_max"] == .number(10))
    }

    static let duplicates: [Cases.Row] = [
        .init("one digest twice", nil) { $0.nodes[0].resident = [.init("m", digest: "a"), .init("m", digest: "a")] },
        .init("two digests", .info) {
            $0.nodes[0].resident = [.init("m", digest: "a", gigabytes: 31.9), .init("m", digest: "b", gigabytes: 40)]
        },
        .init("32 GB", .warning) {
            $0.nodes[0].resident = [.init("m", digest: "a", gigabytes: 32), .init("m", digest: "b", gigabytes: 40)]
        },
        .init("two models", nil) { $0.nodes[0].resident = [.init("m", digest: "a"), .init("n", digest: "b")] },
        .init("a digest unknown", nil) { $0.nodes[0].resident = [.init("m", digest: "a"), .init("m")] },
    ]
    @Test(arguments: duplicates) func duplicateRunners(row: Cases.Row) { #expect(row.check("duplicate_runners")) }

    private static func loads(_ day: Int, _ hour: Int, free: Double = 20) -> @Sendable (inout HealthFacts) -> Void {
        { facts in
            facts.nodes[0].availableGigabytes = free
            facts.digests[0].traffic.change(node: "desk", model: "m") { ($0.day.coldLoads, $0.hour.coldLoads) = (day, hour) }
        }
    }

    static let thrash: [Cases.Row] = [
        .init("two", nil, loads(2, 2)), .init("three, one lately", .warning, loads(3, 1)),
        .init("three, long ago", .info, loads(3, 0)), .init("no memory", nil, loads(9, 9, free: 4)),
        .init("a little memory", .warning, loads(9, 9, free: 4.1)),
    ]
    @Test(arguments: thrash) func thrashing(row: Cases.Row) { #expect(row.check("model_thrashing")) }

    @Test func pastThrashingIsMarked() {
        let facts = Cases.calm { Self.loads(3, 0)(&$0) }
        #expect(Cases.finding("model_thrashing", facts)?.data["resolved"] == true)
    }

    private static func slow(_ day: Int, _ hour: Int) -> @Sendable (inout HealthFacts) -> Void {
        { $0.digests[0].traffic.change(node: "desk", model: "m") { ($0.day.loadTimeouts, $0.hour.loadTimeouts) = (day, hour) } }
    }

    static let timeouts: [Cases.Row] = [
        .init("two", nil, slow(2, 2)), .init("three", .warning, slow(3, 1)), .init("long ago", .info, slow(3, 0)),
    ]
    @Test(arguments: timeouts) func loadTimeouts(row: Cases.Row) { #expect(row.check("model_load_timeout")) }

    @Test func loadTimeoutsCountPerModel() {
        let facts = Cases.calm { facts in
            for model in ["a", "b"] { facts.digests[0].traffic.change(node: "desk", model: model) { $0.day.loadTimeouts = 2 } }
        }
        #expect(Cases.severity("model_load_timeout", facts) == nil)
    }

    @Test func fallbacks() throws {
        #expect(Cases.severity("vram_fallback_active", Cases.calm()) == nil)
        let facts = Cases.traffic(day: { $0.substituted = 1 })
        #expect(Cases.severity("vram_fallback_active", facts) == .info)
    }

    static let pins: [Cases.Row] = [
        .init("two failures", nil) {
            $0.digests[0].pinFailures = [.init(model: "m", failures: 2, neededGigabytes: 9, availableGigabytes: 1)]
        },
        .init("three", .warning) {
            $0.digests[0].pinFailures = [.init(model: "m", failures: 3, neededGigabytes: 9, availableGigabytes: 1)]
        },
    ]
    @Test(arguments: pins) func pinCannotFit(row: Cases.Row) { #expect(row.check("pin_cannot_fit")) }

    private static func wanted(_ day: Int, _ hour: Int) -> @Sendable (inout HealthFacts) -> Void {
        { facts in
            facts.nodes[0].stored = [.init("m")]
            facts.digests[0].traffic.change(node: "desk", model: "m") { ($0.day.completed, $0.hour.completed) = (day, hour) }
        }
    }

    static let absent: [Cases.Row] = [
        .init("pinned and on disk", .warning) {
            $0.nodes[0].stored = [.init("m")]
            $0.settings.pins = ["desk": ["m"]]
        },
        .init("pinned and loaded", nil) {
            $0.nodes[0].stored = [.init("m")]
            $0.nodes[0].resident = [.init("m")]
            $0.settings.pins = ["desk": ["m"]]
        },
        .init("pinned and not on disk", nil) { $0.settings.pins = ["desk": ["m"]] },
        .init("nine requests", nil, wanted(9, 1)), .init("ten requests", .warning, wanted(10, 1)),
        .init("none in the last hour", nil, wanted(10, 0)),
        .init("loaded elsewhere", nil) {
            wanted(10, 1)(&$0)
            var other = NodeFacts("attic")
            other.version = "1.0"
            other.resident = [.init("m")]
            $0.nodes.append(other)
        },
    ]
    @Test(arguments: absent) func priorityModels(row: Cases.Row) { #expect(row.check("priority_model_not_loaded")) }
}
