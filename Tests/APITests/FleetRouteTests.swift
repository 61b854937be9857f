import Foundation
import Gossip
import HTTPTypes
import Testing

@testable import API

@Suite struct FleetRouteTests {
    let fleet = Fleet.three()

    @Test func statusHasNodesQueuesAndTheMesh() async throws {
        let json = try #require(try await fleet.ask(.get, "/fleet/status").json)
        let sums = try #require(json["fleet"] as? [String: Any])
        #expect(sums["nodes_total"] as? Int == 3)
        #expect(sums["nodes_online"] as? Int == 2)
        #expect(sums["requests_active"] as? Int == 1)
        let nodes = try #require(json["nodes"] as? [[String: Any]])
        #expect(nodes.compactMap { $0["status"] as? String } == ["online", "degraded", "offline"])
        let memory = try #require(nodes.first?["memory"] as? [String: Any])
        #expect(memory["total_gb"] as? Double == 16)
        #expect(memory["used_gb"] as? Double == 8)
        let queue = try #require((json["queues"] as? [String: Any])?["desk:llama3.2:latest"] as? [String: Any])
        #expect(queue["pending"] as? Int == 3)
        #expect(queue["concurrency"] as? Int == 2)
    }

    @Test func theMeshPartFollowsTheContract() async throws {
        let json = try #require(try await fleet.ask(.get, "/fleet/status").json)
        let mesh = try #require(json["mesh"] as? [String: Any])
        #expect(mesh["self"] as? String == "desk")
        #expect(mesh["open_fleet"] as? Bool == true)
        let router = try #require(mesh["router"] as? [String: Any])
        #expect(router["node_id"] as? String == "attic")
        #expect(router["epoch"] as? Int == 7)
        #expect(router["mode"] as? String == "quorate")
        let members = try #require(mesh["members"] as? [[String: Any]])
        let attic = try #require(members.first { $0["node_id"] as? String == "attic" })
        #expect(attic["status"] as? String == "suspect")
        #expect(attic["address"] as? String == "10.0.0.2:11445")
        #expect(attic["age_ms"] as? Int == 1_000)
        #expect(attic["source"] as? String == "mdns")
    }

    @Test func aFleetWithoutRouterSaysNull() async throws {
        var fleet = fleet
        let view = FleetView(number: 1, selfID: Fleet.id(1), members: [Fleet.desk], router: nil)
        fleet.facts.view = { view }
        let mesh = try #require(try await fleet.ask(.get, "/fleet/status").json?["mesh"] as? [String: Any])
        #expect(mesh["router"] is NSNull)
    }

    @Test(arguments: ["0", "-1", "1001", "many"]) func badLimitsAreRefused(limit: String) async throws {
        #expect(try await fleet.ask(.get, "/dashboard/api/traces?limit=\(limit)").status == 400)
    }
}
