import Testing

@testable import Health

@Suite struct MeshCheckTests {
    static let router: [Cases.Row] = [
        .init("an election", nil) { ($0.mesh.router, $0.mesh.unchangedSeconds) = (nil, 9.9) },
        .init("at ten seconds", .warning) { ($0.mesh.router, $0.mesh.unchangedSeconds) = (nil, 10) },
        .init("before a minute", .warning) { ($0.mesh.router, $0.mesh.unchangedSeconds) = (nil, 59.9) },
        .init("at a minute", .critical) { ($0.mesh.router, $0.mesh.unchangedSeconds) = (nil, 60) },
        .init("with one", nil) { ($0.mesh.router, $0.mesh.unchangedSeconds) = ("desk", 60) },
    ]
    @Test(arguments: router) func noRouter(row: Cases.Row) { #expect(row.check("no_router")) }

    static let flapping: [Cases.Row] = [
        .init("two changes", nil) { $0.mesh.routerChanges = 2 }, .init("three", .warning) { $0.mesh.routerChanges = 3 },
    ]
    @Test(arguments: flapping) func routerFlapping(row: Cases.Row) { #expect(row.check("router_flapping")) }

    static let parted: [Cases.Row] = [
        .init("less than half is lost", nil) {
            $0.mesh.roster = ["desk", "attic", "couch"]
            $0.nodes += [NodeFacts("attic"), NodeFacts("couch", .offline)]
        },
        .init("half is lost", .warning) {
            $0.mesh.roster = ["desk", "attic"]
            $0.nodes += [NodeFacts("attic", .offline)]
        },
        .init("a peer of the roster is not even known", .warning) { $0.mesh.roster = ["desk", "attic"] },
        .init("degraded for a moment", nil) { ($0.mesh.isDegraded, $0.mesh.unchangedSeconds) = (true, 9.9) },
        .init("degraded", .warning) { ($0.mesh.isDegraded, $0.mesh.unchangedSeconds) = (true, 10) },
        .init("two routers", .warning) {
            $0.digests = [PeerDigest(node: "desk"), PeerDigest(node: "attic")]
            $0.digests[0].router = "aa"
            $0.digests[1].router = "bb"
        },
        .init("two routers while one follows the other", nil) {
            $0.mesh.unchangedSeconds = 3
            $0.digests = [PeerDigest(node: "desk"), PeerDigest(node: "attic")]
            $0.digests[0].router = "aa"
            $0.digests[1].router = "bb"
        },
    ]
    @Test(arguments: parted) func partitionSuspected(row: Cases.Row) { #expect(row.check("partition_suspected")) }

    @Test func openFleet() {
        #expect(Cases.severity("open_fleet", Cases.calm { $0.mesh.isOpen = true }) == .warning)
        #expect(Cases.severity("open_fleet", Cases.calm()) == nil)
    }

    static let clocks: [Cases.Row] = [
        .init("below", nil) { $0.digests[0].clockAhead = 1.99 }, .init("at two seconds", .info) { $0.digests[0].clockAhead = -2 },
        .init("the exchange took long", nil) { ($0.digests[0].clockAhead, $0.digests[0].clockError) = (2, 0.1) },
        .init("below thirty", .info) { $0.digests[0].clockAhead = 29.9 },
        .init("at thirty", .warning) { $0.digests[0].clockAhead = 30 },
    ]
    @Test(arguments: clocks) func clockDrift(row: Cases.Row) { #expect(row.check("peer_clock_drift")) }

    static let discovery: [Cases.Row] = [
        .init("no daemon", .warning) { $0.mesh.discovery = .noDaemon }, .init("no bus", .warning) { $0.mesh.discovery = .noBus },
        .init("starting", nil) { $0.mesh.discovery = .connecting },
        .init("switched off", nil) {
            $0.settings.usesMDNS = false
            $0.mesh.discovery = .noDaemon
        },
        .init("alone", nil) { $0.mesh.membersByMDNS = 0 },
        .init("others by seeds alone", .info) { $0.mesh.membersByOthers = 1 },
        .init("one by mDNS", nil) { ($0.mesh.membersByMDNS, $0.mesh.membersByOthers) = (1, 5) },
    ]
    @Test(arguments: discovery) func discoveryBlind(row: Cases.Row) { #expect(row.check("discovery_blind")) }

    @Test func stateAndNames() {
        #expect(Cases.severity("state_not_writable", Cases.calm { $0.mesh.storageProblem = "disk full" }) == .critical)
        #expect(Cases.severity("state_not_writable", Cases.calm()) == nil)
        #expect(Cases.severity("name_clash", Cases.calm { $0.mesh.nameClash = "desk" }) == .warning)
        #expect(Cases.severity("name_clash", Cases.calm()) == nil)
    }

    @Test func theWatchCountsChangesOfRouters() {
        var watch = MeshWatch()
        func reign(_ router: String?, _ epoch: UInt64) -> MeshWatch.Reign {
            .init(router: router, epoch: epoch, isDegraded: false)
        }
        #expect(watch.unchangedSeconds(now: 5) == 0)
        watch.see(reign(nil, 0), now: 10)
        watch.see(reign("a", 1), now: 12)
        #expect(watch.recentChanges(now: 12) == 0)
        // The same again is nothing new; a gap alone is no change.
        watch.see(reign("a", 1), now: 20)
        #expect(watch.unchangedSeconds(now: 22) == 10)
        watch.see(reign(nil, 0), now: 30)
        #expect(watch.unchangedSeconds(now: 34) == 4)
        watch.see(reign("a", 1), now: 31)
        #expect(watch.recentChanges(now: 31) == 0)
        watch.see(reign("b", 2), now: 40)
        watch.see(reign("a", 3), now: 50)
        #expect(watch.recentChanges(now: 50) == 2)
        #expect(watch.recentChanges(now: 639.9) == 2)
        #expect(watch.recentChanges(now: 640) == 1)
        for number in 0..<2_000 { watch.see(reign("r\(number)", 9), now: 700) }
        #expect(watch.recentChanges(now: 700) == MeshWatch.limit)
    }

    @Test func spansForget() {
        var span = SpanCounter(seconds: 300)
        span.add(2, now: 0)
        span.add(now: 100)
        span.add(-1, now: 100)
        #expect(span.recent(now: 100) == 3 && span.total == 3)
        #expect(span.recent(now: 299) == 3)
        #expect(span.recent(now: 300) == 1)
        #expect(span.recent(now: 1_000) == 0 && span.total == 3)
    }
}
