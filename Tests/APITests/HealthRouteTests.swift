import Foundation
import Gossip
import HTTPTypes
import Health
import Insight
import NIOConcurrencyHelpers
import Testing

@testable import API

@Suite struct HealthRouteTests {
    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    /// A digest of `attic`, a minute ahead, as it travels.
    private static func attic() throws -> [UInt8] {
        var digest = PeerDigest(node: "somebody else")
        digest.wallClock = Date().timeIntervalSince1970 + 60
        digest.writer.recentlyLost = 60
        digest.traffic.change(node: "attic", model: "m") { ($0.day.failed, $0.hour.failed) = (30, 30) }
        return Array(try JSONEncoder().encode(digest))
    }

    private func fleet(attic: @escaping @Sendable () throws -> (Int, [UInt8])) -> Fleet {
        var fleet = Fleet.three()
        fleet.facts.health.own = {
            var digest = PeerDigest(node: "desk")
            digest.traffic.change(node: "desk", model: "m") { $0.day.completed = 100 }
            return digest
        }
        fleet.facts.health.ask = { _, _, _ in try attic() }
        return fleet
    }

    @Test func healthHasItsShapeAndCountsAllShards() async throws {
        let bytes = try Self.attic()
        let answer = try await fleet { (200, bytes) }.ask(.get, "/dashboard/api/health")
        #expect(answer.status == 200)
        let body = try object(answer.text)
        #expect(Set(body.keys) == ["vitals", "recommendations", "checked_at", "shards"])
        let vitals = try #require(body["vitals"] as? [String: Any])
        #expect(vitals["total_requests_24h"] as? Int == 130 && vitals["nodes_total"] as? Int == 3)
        #expect(vitals["nodes_offline"] as? Int == 1 && vitals["nodes_degraded"] as? Int == 1)
        let found = try #require(body["recommendations"] as? [[String: Any]])
        func finding(_ id: String) -> [String: Any]? { found.first { $0["check_id"] as? String == id } }
        #expect(finding("node_offline")?["node_id"] as? String == "couch")
        // The asked peer names the other one, whatever it calls itself.
        #expect(finding("trace_store_write_failures")?["node_id"] as? String == "attic")
        #expect(finding("high_error_rate")?["node_id"] as? String == "attic")
        #expect(finding("peer_clock_drift")?["severity"] as? String == "warning")
        #expect(found.first?["severity"] as? String == "critical")
        let shards = try #require(body["shards"] as? [String: Any])
        #expect(shards["answered"] as? Int == 2 && shards["total"] as? Int == 3)
        let missing = try #require(shards["missing"] as? [[String: Any]])
        #expect(missing.map { $0["node_id"] as? String } == ["couch"])
    }

    @Test(arguments: [(404, ""), (200, "{"), (200, "{\"node\":5}")])
    func aPeerThatAnswersNonsenseIsMissing(status: Int, text: String) async throws {
        let answer = try await fleet { (status, Array(text.utf8)) }.ask(.get, "/dashboard/api/health")
        let shards = try #require(try object(answer.text)["shards"] as? [String: Any])
        #expect(shards["answered"] as? Int == 1)
        #expect((shards["missing"] as? [[String: Any]])?.count == 2)
    }

    @Test func oneAnswerServesManyPages() async throws {
        let asked = NIOLockedValueBox(0)
        let bytes = try Self.attic()
        let facts = fleet {
            asked.withLockedValue { $0 += 1 }
            return (200, bytes)
        }.facts
        let kept = Kept<HealthReportBody>(for: .seconds(60)) { await HealthReportBody.make(facts, isLocal: $0) }
        for _ in 0..<5 { _ = await kept.value() }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<5 { group.addTask { _ = await kept.value() } }
        }
        #expect(asked.withLockedValue { $0 } == 1)
        _ = await kept.value(refresh: true)
        #expect(asked.withLockedValue { $0 } == 2)
        let local = await kept.value(isLocal: true)
        #expect(asked.withLockedValue { $0 } == 2 && local.shards.total == 1)
    }

    @Test func peersAreAskedOnTheMeshPortAlone() async throws {
        var fleet = fleet { (500, []) }
        #expect(try await fleet.ask(.post, "/herd/v1/health", body: "{}").status == 404)
        fleet.face = .mesh
        #expect(try await fleet.ask(.post, "/herd/v1/health", body: "{}").status == 403)
        let token: HTTPFields = [try #require(HTTPField.Name("X-Herd-Fleet")): "secret"]
        let answer = try await fleet.ask(.post, "/herd/v1/health", body: "{}", headers: token)
        #expect(answer.status == 200)
        let digest = try JSONDecoder().decode(PeerDigest.self, from: Data(answer.text.utf8))
        #expect(digest.node == "desk" && digest.traffic.total(.day).completed == 100)
        #expect(try await fleet.ask(.post, "/herd/v1/health", body: "[", headers: token).status == 400)
        let long = String(repeating: " ", count: 5_000)
        #expect(try await fleet.ask(.post, "/herd/v1/health", body: long, headers: token).status == 413)
    }
}
