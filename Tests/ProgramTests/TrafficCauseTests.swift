import Foundation
import Gossip
import Health
import Store
import Synchronization
import Testing

@testable import Program

/// Rows of requests in a real shard make the checks of traffic fire; a day later, with the same file, they are silent.
@Suite struct TrafficCauseTests {
    private static let now = 1_800_000_000.0

    /// Requests of one kind, and the check that they cause.
    struct Cause: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var severity: Severity
        var rows: @Sendable () -> [TraceRow]

        init(
            _ check: String, _ severity: Severity, _ count: Int, _ status: String = "completed", age: Double = 60,
            _ change: @escaping @Sendable (inout TraceRow) -> Void = { _ in }
        ) {
            testDescription = check
            self.severity = severity
            rows = { Self.rows(count, status, age, change) }
        }

        static func rows(
            _ count: Int, _ status: String, _ age: Double, _ change: (inout TraceRow) -> Void
        ) -> [TraceRow] {
            (0..<count).map { number in
                var row = TraceRow(
                    requestID: "\(status)\(age)\(number)", model: "tiny:latest", nodeID: "desk", status: status,
                    timestamp: now - age - Double(number))
                row.attempt = 1
                row.latencyMilliseconds = 900
                row.timeToFirstTokenMilliseconds = 100
                row.promptTokens = 10
                row.completionTokens = 9
                change(&row)
                return row
            }
        }
    }

    static let causes: [Cause] = [
        Cause("high_error_rate", .warning, 21, "failed"),
        Cause("client_disconnects", .warning, 3, "client_disconnected"),
        Cause("incomplete_streams", .warning, 2, "incomplete"),
        Cause("empty_generations", .warning, 1, "no_output"),
        Cause("embed_error_rate", .critical, 25, "failed") { $0.originalFormat = "embed" },
        Cause("model_thrashing", .warning, 3) { $0.timeToFirstTokenMilliseconds = 41_000 },
        Cause("model_load_timeout", .warning, 3, "failed") { $0.latencyMilliseconds = 121_000 },
        Cause("vram_fallback_active", .info, 1) { row in
            row.originalModel = "large:latest"
            row.fallbackUsed = true
        },
        Cause("priority_model_not_loaded", .warning, 10),
        Cause("context_protection_active", .info, 1) { $0.rewrites = "num_ctx=2048>4096" },
        Cause("context_protection_insufficient", .warning, 1) { $0.rewrites = "!num_ctx=8192>4096" },
        Cause("image_generation", .info, 1) { $0.originalFormat = "image" },
        Cause("transcription_activity", .warning, 1, "failed") { $0.originalFormat = "stt" },
    ]

    /// One node with a model on its disk and memory to spare.
    private func findings(_ shard: Shard, now: Double) async throws -> [String: Severity] {
        var node = NodeFacts("desk")
        (node.totalGigabytes, node.availableGigabytes) = (64, 30)
        node.stored = [.init("tiny:latest")]
        var digest = PeerDigest(node: "desk")
        digest.traffic = try await TrafficDigest.read(shard, now: now)
        var facts = HealthFacts()
        facts.nodes = [node]
        facts.digests = [digest]
        let pairs = HealthReport(facts).findings.map { ($0.checkID, $0.severity) }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    private func shard() throws -> (Shard, path: String) {
        let path = NSTemporaryDirectory() + "herd-cause-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return (try Shard.open(directory: path), path)
    }

    private func end(_ shard: Shard, _ path: String) async {
        await shard.close()
        try? FileManager.default.removeItem(atPath: path)
    }

    @Test(arguments: causes)
    func requestsMakeACheckFireForADay(cause: Cause) async throws {
        let check = cause.testDescription
        let (shard, path) = try shard()
        #expect(try await findings(shard, now: Self.now)[check] == nil)
        for row in cause.rows() { shard.append(row) }
        #expect(try await findings(shard, now: Self.now)[check] == cause.severity)
        #expect(try await findings(shard, now: Self.now + 26 * 3_600)[check] == nil)
        await end(shard, path)
    }

    @Test func attemptsThatAreRepeatedAreFound() async throws {
        let (shard, path) = try shard()
        for row in Cause.rows(4, "completed", 60, { _ in }) + Cause.rows(2, "retried", 70, { _ in }) { shard.append(row) }
        #expect(try await findings(shard, now: Self.now)["high_retry_rate"] == .warning)
        #expect(try await findings(shard, now: Self.now + 26 * 3_600)["high_retry_rate"] == nil)
        await end(shard, path)
    }

    @Test func aModelThatGetsSlowerIsFoundUntilItIsAsBefore() async throws {
        let (shard, path) = try shard()
        for row in Cause.rows(3_000, "completed", 7_200, { _ in }) { shard.append(row) }
        #expect(try await findings(shard, now: Self.now)["decode_degraded"] == nil)
        for row in Cause.rows(25, "completed", 60, { $0.latencyMilliseconds = 2_500 }) { shard.append(row) }
        #expect(try await findings(shard, now: Self.now)["decode_degraded"] == .warning)
        #expect(try await findings(shard, now: Self.now + 3_700)["decode_degraded"] == nil)
        await end(shard, path)
    }

    @Test func aPinThatDoesNotFitIsFoundUntilItFits() {
        let watch = HealthWatch()
        func found() -> [Severity] {
            var facts = HealthFacts()
            facts.digests = [PeerDigest(node: "desk")]
            watch.fill(&facts.digests[0])
            return HealthReport(facts).findings.filter { $0.checkID == "pin_cannot_fit" }.map(\.severity)
        }
        for _ in 0..<2 { watch.pinFailed("giant:latest", needed: 900, available: 20) }
        #expect(found().isEmpty)
        watch.pinFailed("giant:latest", needed: 900, available: 20)
        #expect(found() == [.warning])
        watch.pinFits("giant:latest")
        #expect(found().isEmpty)
    }

    @Test func callsThatFailAreFoundForFiveMinutes() {
        let time = Atomic(1_000)
        let watch = HealthWatch { Double(time.load(ordering: .relaxed)) }
        func severity() -> Severity? {
            var facts = HealthFacts()
            facts.digests = [PeerDigest(node: "desk")]
            watch.fill(&facts.digests[0])
            return HealthReport(facts).findings.first { $0.checkID == "connection_failures" }?.severity
        }
        #expect(severity() == nil)
        watch.engineFailed()
        #expect(severity() == .warning)
        for _ in 0..<10 { watch.engineFailed() }
        #expect(severity() == .critical)
        time.add(400, ordering: .relaxed)
        #expect(severity() == nil)
    }

    @Test func aRouterThatChangesIsFoundForTenMinutes() {
        let time = Atomic(1_000)
        let watch = HealthWatch { Double(time.load(ordering: .relaxed)) }
        let peers = (1...2).map { PeerID(short: $0, low: 0) }
        func severity() -> Severity? {
            var facts = HealthFacts()
            watch.fill(&facts.mesh)
            return HealthReport(facts).findings.first { $0.checkID == "router_flapping" }?.severity
        }
        for epoch in 1...4 {
            #expect(severity() == nil)
            let router = RouterView(id: peers[epoch % 2], epoch: UInt64(epoch), mode: .quorate)
            watch.see(FleetView(number: UInt64(epoch), selfID: peers[0], members: [], router: router))
            time.add(10, ordering: .relaxed)
        }
        #expect(severity() == .warning)
        time.add(600, ordering: .relaxed)
        #expect(severity() == nil)
    }
}
