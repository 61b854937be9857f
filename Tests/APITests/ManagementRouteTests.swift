import Foundation
import Gossip
import HTTPTypes
import Health
import Insight
import Store
import Testing

@testable import API

@Suite struct ManagementRouteTests {
    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    /// `desk` used `llama3.2` as its entry says; `attic`'s shard is away.
    private func fleet(lastUsed: Double? = nil) -> Fleet {
        var fleet = Fleet.three()
        fleet.facts.shards.own = { query in
            guard let lastUsed, case .counts = query else { return .empty(query) }
            var row = Counted(key: .init(node: "desk", model: "llama3.2:latest"))
            row.requests = 4
            row.lastSeen = lastUsed
            return .counts([row])
        }
        fleet.facts.health.own = {
            var digest = PeerDigest(node: "desk")
            digest.diskFreeGigabytes = 50
            digest.diskTotalGigabytes = 200
            digest.traffic.change(node: "desk", model: "llama3.2:latest") { $0.day.completed = 4 }
            return digest
        }
        return fleet
    }

    @Test func modelsOnDiskWithTheirUse() async throws {
        let now = Date().timeIntervalSince1970
        let answer = try await fleet(lastUsed: now - 86_400).ask(.get, "/dashboard/api/model-management")
        let body = try object(answer.text)
        let node = try #require((body["nodes"] as? [[String: Any]])?.first { $0["node_id"] as? String == "desk" })
        #expect(node["disk_available_gb"] as? Double == 50 && node["total_size_gb"] as? Double == 2)
        let model = try #require((node["models"] as? [[String: Any]])?.first)
        #expect(
            Set(model.keys).isSuperset(of: [
                "name", "display_name", "category", "size_gb", "parameter_size", "quantization", "last_used", "days_unused",
                "total_requests", "loaded_in_vram", "unused",
            ]))
        #expect(model["display_name"] as? String == "llama3.2" && model["category"] as? String == "fast-chat")
        #expect(model["total_requests"] as? Int == 4 && model["days_unused"] as? Double == 1 && model["unused"] as? Bool == false)
        #expect(model["loaded_in_vram"] as? Bool == true)
        let shards = try #require(body["shards"] as? [String: Any])
        #expect(shards["total"] as? Int == 3)
    }

    @Test(arguments: [(6.99, false), (7.01, true)]) func aWeekMakesUnused(days: Double, expected: Bool) async throws {
        let now = Date().timeIntervalSince1970
        let body = try object(try await fleet(lastUsed: now - days * 86_400).ask(.get, "/dashboard/api/model-management").text)
        let models = (body["nodes"] as? [[String: Any]])?.first?["models"] as? [[String: Any]]
        #expect(models?.first?["unused"] as? Bool == expected)
    }

    @Test func neverUsedIsUnused() async throws {
        let body = try object(try await fleet().ask(.get, "/dashboard/api/model-management").text)
        let model = ((body["nodes"] as? [[String: Any]])?.first?["models"] as? [[String: Any]])?.first
        #expect(model?["unused"] as? Bool == true && model?["total_requests"] as? Int == 0 && model?["last_used"] == nil)
    }

    @Test(
        arguments: [
            (NodePull.pulling(percent: 40), 200, "pulling"), (.here, 200, "success"),
            (.unknownNode(known: ["desk"]), 404, "desk"),
            (.failed("no such model"), 502, "no such model"),
        ])
    func pullsOntoANode(outcome: NodePull, status: Int, word: String) async throws {
        var fleet = fleet()
        fleet.facts.pullModel = { node, model in node == "desk" && model == "m" ? outcome : .failed("asked for another") }
        let answer = try await fleet.ask(.post, "/dashboard/api/pull", body: #"{"node_id":"desk","model":"m"}"#)
        #expect(answer.status == status && answer.text.contains(word))
        if status == 200 { #expect(try object(answer.text)["ok"] as? Bool == true) }
    }

    @Test(
        arguments: [
            (ModelOrderOutcome.done(nodes: ["desk"]), 200), (.unknownModel, 404), (.unknownNode(known: ["desk"]), 404),
            (.failed(reasons: ["desk": "busy"], done: []), 502),
        ])
    func deletesFromANode(outcome: ModelOrderOutcome, status: Int) async throws {
        var fleet = fleet()
        fleet.facts.changeModels = { order in
            order == ModelOrder(.delete, model: "m", node: "desk") ? outcome : .failed(reasons: [:], done: [])
        }
        #expect(try await fleet.ask(.post, "/dashboard/api/delete", body: #"{"node_id":"desk","model":"m"}"#).status == status)
    }

    @Test(arguments: ["", "{", #"{"model":"m"}"#, #"{"node_id":"","model":"m"}"#, #"{"node_id":"a","model":""}"#])
    func badBodies(body: String) async throws {
        for path in ["/dashboard/api/pull", "/dashboard/api/delete"] {
            #expect(try await fleet().ask(.post, path, body: body).status == 400)
        }
    }

    @Test func recommendationsHaveTheirShape() async throws {
        let body = try object(try await fleet().ask(.get, "/dashboard/api/recommendations").text)
        #expect(
            Set(body.keys) == ["nodes", "usage", "fleet_summary", "uncovered_categories", "generated_at", "shards"])
        let nodes = try #require(body["nodes"] as? [[String: Any]])
        // `attic` has no Ollama, `couch` is gone.
        #expect(nodes.map { $0["node_id"] as? String } == ["desk"])
        #expect(nodes[0]["total_ram_gb"] as? Double == 16 && nodes[0]["usable_ram_gb"] as? Double == 10)
        #expect(
            nodes[0]["disk_available_gb"] as? Double == 50 && (nodes[0]["current_models"] as? [String]) == ["llama3.2:latest"])
        let items = try #require(nodes[0]["recommendations"] as? [[String: Any]])
        #expect(items.first?["model"] as? String == "llama3.2:latest" && items.first?["already_available"] as? Bool == true)
        #expect(
            Set(items.flatMap(\.keys)) == [
                "model", "display_name", "category", "ram_gb", "quality_score", "reason", "priority", "already_available",
            ])
        let usage = try #require(body["usage"] as? [String: Any])
        #expect(usage["total_requests_24h"] as? Int == 4 && (usage["category_breakdown"] as? [String: Int]) == ["fast-chat": 4])
        #expect((usage["top_models"] as? [[String: Any]])?.count == 1)
    }
}
