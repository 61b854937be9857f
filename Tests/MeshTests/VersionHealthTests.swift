import Discovery
import Gossip
import Health
import Testing

@testable import API
@testable import Mesh

/// Peers of different versions in one fleet, over real sockets: health says so until all are of one.
@Suite(.serialized) struct VersionHealthTests {
    /// A peer that speaks more than one version of the mesh protocol.
    private func start(
        _ name: String, speaking range: ClosedRange<UInt8>, through peer: Peer, _ directory: TestDirectory
    ) async throws -> (MeshService, StubLinkServer) {
        let server = try await StubLinkServer()
        var configuration = Peer.configuration(name, directory: directory, port: server.port)
        configuration.fleetName = "test"
        configuration.seeds = [try SeedURL("http://127.0.0.1:\(peer.server.port)")]
        let service = MeshService(
            configuration: configuration, state: try StateDirectory.open(path: configuration.dataDirectory), clock: TestClock(),
            logger: .quiet, discovery: { _ in NoDiscovery() },
            makeRules: { setup in
                var record = setup.selfRecord
                record.protocolRange = range
                return Herd(
                    configuration: setup.configuration, selfRecord: record, durable: setup.durable, seed: setup.seed,
                    now: setup.now, remembered: setup.remembered)
            })
        server.serve(service)
        try await service.start()
        return (service, server)
    }

    private func findings(_ peer: Peer, _ check: String) -> [Finding] {
        let view = peer.service.currentView
        var facts = HealthFacts()
        facts.version = "2.0"
        facts.nodes = view.members.filter { $0.status != .left }.map {
            NodeFacts($0, selfID: view.selfID, silence: nil, now: .zero)
        }
        return HealthReport(facts).findings.filter { $0.checkID == check }
    }

    private func report(_ name: String, _ version: String) -> StaticReport {
        var report = StaticReport(name: name)
        report.version = version
        return report
    }

    @Test func versionsThatDifferAreToldUntilTheyAreOne() async throws {
        let first = try await Peer("alpha")
        try await first.service.start()
        first.service.publish(fixed: report("alpha", "2.0"))
        let directory = try TestDirectory()
        let (other, door) = try await start("beta", speaking: 1...2, through: first, directory)
        await eventually("it is there and its version is not") { findings(first, "version_unknown").count == 1 }
        await eventually("its protocol is another one") { findings(first, "version_skew").first?.severity == .info }
        #expect(findings(first, "version_mismatch").isEmpty)
        other.publish(fixed: report("beta", "1.9"))
        await eventually("its version is an older one") {
            findings(first, "version_mismatch").first?.data["mismatched_nodes"]
                == .list([.object(["node_id": .text("beta"), "version": .text("1.9")])])
        }
        #expect(findings(first, "version_unknown").isEmpty)
        // It is updated: the same place, a new program.
        await other.shutdown()
        await door.die()
        let (updated, newDoor) = try await start("beta", speaking: 1...1, through: first, directory)
        updated.publish(fixed: report("beta", "2.0"))
        await eventually("all are of one version again") {
            first.alive.count == 2
                && ["version_mismatch", "version_skew", "version_unknown"].allSatisfy { findings(first, $0).isEmpty }
        }
        await updated.shutdown()
        await newDoor.die()
        await first.stop()
    }
}
