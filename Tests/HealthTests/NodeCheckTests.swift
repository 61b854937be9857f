import Testing

@testable import Health

@Suite struct NodeCheckTests {
    @Test func aCalmFleetHasNoFindings() {
        let report = HealthReport(Cases.calm())
        #expect(report.findings.isEmpty, "\(report.findings.map(\.checkID))")
        #expect(report.vitals.healthScore == 100 && report.vitals.nodesOnline == 1 && report.vitals.nodesTotal == 1)
    }

    @Test func nodesOutOfSight() throws {
        let offline = try #require(Cases.finding("node_offline", Cases.pair(.offline)))
        #expect(offline.severity == .critical && offline.nodeID == "attic" && offline.data["last_heartbeat_ago_s"] == .number(12))
        #expect(Cases.severity("node_offline", Cases.pair(.offline) { $0.isAsleep = true }) == .info)
        #expect(Cases.severity("node_offline", Cases.pair(.degraded)) == nil)
        #expect(Cases.severity("node_offline", Cases.pair()) == nil)
        let degraded = try #require(Cases.finding("node_degraded", Cases.pair(.degraded)))
        #expect(degraded.severity == .warning && degraded.data["missed_heartbeats"] == 12)
        #expect(Cases.severity("node_degraded", Cases.pair(.offline)) == nil)
        let vitals = HealthReport(Cases.pair(.offline)).vitals
        #expect(vitals.nodesOffline == 1 && vitals.nodesOnline == 1 && vitals.healthScore == 80)
    }

    @Test func enginesThatDoNotAnswer() {
        let silent = Cases.pair {
            $0.engines = [.init("ollama", isReachable: false, problem: "refused"), .init("b", isReachable: true)]
        }
        #expect(Cases.severity("backend_unreachable", silent) == .warning)
        #expect(Cases.finding("backend_unreachable", silent)?.data["backends"] == .list(["ollama"]))
        #expect(Cases.severity("backend_unreachable", Cases.pair { $0.engines = [.init("b", isReachable: true)] }) == nil)
        #expect(Cases.severity("backend_unreachable", Cases.pair { $0.engines = [] }) == nil)
        let gone = Cases.pair(.offline) { $0.engines = [.init("b", isReachable: false)] }
        #expect(Cases.severity("backend_unreachable", gone) == nil)
    }

    @Test func blockedDatagrams() {
        #expect(Cases.severity("udp_blocked", Cases.pair { $0.isUDPBlocked = true }) == .info)
        #expect(Cases.severity("udp_blocked", Cases.pair(.offline) { $0.isUDPBlocked = true }) == nil)
        #expect(Cases.severity("udp_blocked", Cases.pair()) == nil)
    }

    static let pressure: [Cases.Row] = [
        .init("normal", nil) { $0.nodes[0].pressure = .normal }, .init("warn", .warning) { $0.nodes[0].pressure = .warn },
        .init("critical", .critical) { $0.nodes[0].pressure = .critical },
        .init("offline", nil) {
            $0.nodes[0].pressure = .critical
            $0.nodes[0].status = .offline
        },
    ]
    @Test(arguments: pressure) func memoryPressure(row: Cases.Row) { #expect(row.check("memory_pressure")) }

    static let swap: [Cases.Row] = [
        .init("just below", nil) { $0.digests[0].swapUsedGigabytes = 31.99 },
        .init("at half of the memory", .warning) { $0.digests[0].swapUsedGigabytes = 32 },
        .init("memory unknown", nil) {
            $0.nodes[0].totalGigabytes = 0
            $0.digests[0].swapUsedGigabytes = 1
        },
    ]
    @Test(arguments: swap) func swapUsage(row: Cases.Row) { #expect(row.check("swap_usage")) }

    static let spare: [Cases.Row] = [
        .init("at half", nil) { $0.nodes[0].availableGigabytes = 32 },
        .init("above half", .info) { $0.nodes[0].availableGigabytes = 32.1 },
        .init("two models", .info) {
            $0.nodes[0].availableGigabytes = 40
            $0.nodes[0].resident = [.init("a"), .init("b")]
        },
        .init("three models", nil) {
            $0.nodes[0].availableGigabytes = 40
            $0.nodes[0].resident = [.init("a"), .init("b"), .init("c")]
        },
        .init("no engine to use it", nil) {
            $0.nodes[0].availableGigabytes = 40
            $0.nodes[0].engines = []
        },
        .init("it thrashes", nil) {
            $0.nodes[0].availableGigabytes = 40
            $0.digests[0].traffic.change(node: "desk", model: "m") { $0.day.coldLoads = 3 }
        },
    ]
    @Test(arguments: spare) func underutilizedMemory(row: Cases.Row) { #expect(row.check("underutilized_memory")) }

    static let process: [Cases.Row] = [
        .init("below", nil) { $0.digests[0].processGigabytes = 7.99 },
        .init("at 8 GB", .warning) { $0.digests[0].processGigabytes = 8 },
        .init("below 16", .warning) { $0.digests[0].processGigabytes = 15.99 },
        .init("at 16 GB", .critical) { $0.digests[0].processGigabytes = 16 },
    ]
    @Test(arguments: process) func processMemory(row: Cases.Row) { #expect(row.check("herd_process_memory")) }

    @Test func versions() {
        let other = Cases.pair { $0.version = "0.9" }
        #expect(Cases.severity("version_mismatch", other) == .warning)
        #expect(Cases.finding("version_mismatch", other)?.data["router_version"] == "1.0")
        #expect(Cases.severity("version_mismatch", Cases.pair()) == nil)
        #expect(Cases.severity("version_mismatch", Cases.pair(.offline) { $0.version = "0.9" }) == nil)
        #expect(Cases.severity("version_unknown", Cases.pair { $0.version = "" }) == .info)
        #expect(Cases.severity("version_mismatch", Cases.pair { $0.version = "" }) == nil)
        #expect(Cases.severity("version_unknown", Cases.pair()) == nil)
    }

    @Test func protocols() {
        #expect(Cases.severity("version_skew", Cases.pair { $0.protocols = 1...1 }) == nil)
        #expect(Cases.severity("version_skew", Cases.pair { $0.protocols = 1...2 }) == .info)
        #expect(Cases.severity("version_skew", Cases.pair { $0.protocols = 2...2 }) == .warning)
        #expect(Cases.severity("version_skew", Cases.pair { $0.protocols = nil }) == nil)
    }
}
