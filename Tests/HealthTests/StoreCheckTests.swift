import Testing

@testable import Health

@Suite struct StoreCheckTests {
    static let failures: [Cases.Row] = [
        .init("none", nil) { $0.digests[0].writer.lost = 1_000 },
        .init("one", .warning) { $0.digests[0].writer.recentlyLost = 1 },
        .init("an error", .warning) { $0.digests[0].writer.problem = "disk full" },
        .init("below fifty", .warning) { $0.digests[0].writer.recentlyLost = 49 },
        .init("fifty", .critical) { $0.digests[0].writer.recentlyLost = 50 },
    ]
    @Test(arguments: failures) func writeFailures(row: Cases.Row) { #expect(row.check("trace_store_write_failures")) }

    static let behind: [Cases.Row] = [
        .init("below half", nil) { $0.digests[0].writer.waiting = 4_095 },
        .init("half", .warning) { $0.digests[0].writer.waiting = 4_096 },
        .init("no limit known", nil) { ($0.digests[0].writer.waiting, $0.digests[0].writer.limit) = (5_000, 0) },
    ]
    @Test(arguments: behind) func writerBehind(row: Cases.Row) { #expect(row.check("trace_writer_behind")) }

    @Test func files() {
        #expect(Cases.severity("trace_store_missing", Cases.calm { $0.digests[0].writer.isFileGone = true }) == .critical)
        #expect(Cases.severity("trace_store_missing", Cases.calm()) == nil)
        #expect(Cases.severity("trace_store_moved_aside", Cases.calm { $0.digests[0].writer.movedAside = "x" }) == .info)
        #expect(Cases.severity("trace_store_moved_aside", Cases.calm()) == nil)
    }

    static let disk: [Cases.Row] = [
        .init("unknown", nil) { $0.digests[0].diskFreeGigabytes = 0 },
        .init("5 %", nil) { ($0.digests[0].diskFreeGigabytes, $0.digests[0].diskTotalGigabytes) = (5, 100) },
        .init("less", .warning) { ($0.digests[0].diskFreeGigabytes, $0.digests[0].diskTotalGigabytes) = (4.9, 100) },
        .init("2 GB of a small disk", nil) { ($0.digests[0].diskFreeGigabytes, $0.digests[0].diskTotalGigabytes) = (2, 8) },
        .init("0.2 GB", .warning) { ($0.digests[0].diskFreeGigabytes, $0.digests[0].diskTotalGigabytes) = (0.2, 100) },
        .init("nothing", .critical) { ($0.digests[0].diskFreeGigabytes, $0.digests[0].diskTotalGigabytes) = (0.1, 100) },
    ]
    @Test(arguments: disk) func diskAlmostFull(row: Cases.Row) { #expect(row.check("disk_almost_full")) }

    @Test func whatClientsSendIsKept() {
        #expect(Cases.finding("debug_capture_on", Cases.calm()) == nil)
        let found = Cases.finding(
            "debug_capture_on",
            Cases.calm { $0.digests[0].capture = CaptureDigest(retentionDays: 7, megabytes: 1.26, dropped: 3) })
        #expect(found?.severity == .warning && found?.nodeID == "desk")
        #expect(found?.data == ["retention_days": .whole(7), "size_mb": .tenth(1.3), "dropped": .whole(3)])
    }

    @Test func missingShards() throws {
        var facts = Cases.pair()
        facts.missing = [MissingShard(node: "attic", lastSeen: 5, reason: "silence")]
        let found = try #require(Cases.finding("shard_unreachable", facts))
        #expect(found.severity == .warning)
        #expect(found.data["missing"] == .list([.object(["node_id": "attic", "last_seen": .number(5), "reason": "silence"])]))
        var gone = Cases.pair(.offline)
        gone.missing = facts.missing
        #expect(Cases.severity("shard_unreachable", gone) == .info)
        #expect(Cases.severity("shard_unreachable", Cases.pair()) == nil)
    }
}
