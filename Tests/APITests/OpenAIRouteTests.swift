import HTTPTypes
import Testing

@testable import API

@Suite struct OpenAIRouteTests {
    let fleet = Fleet.three()

    @Test func allModelsOfReachableNodesAreListed() async throws {
        let json = try #require(try await fleet.ask(.get, "/v1/models").json)
        #expect(json["object"] as? String == "list")
        let data = try #require(json["data"] as? [[String: Any]])
        #expect(data.compactMap { $0["id"] as? String } == ["llama3.2:latest", "tiny/model"])
        #expect(data.allSatisfy { $0["object"] as? String == "model" && $0["created"] as? Int == 1_750_000_000 })
    }

    @Test(arguments: ["llama3.2", "LLAMA3.2:latest", "tiny/model", "tiny%2Fmodel"])
    func oneModelIsFoundByAnySpelling(id: String) async throws {
        let answer = try await fleet.ask(.get, "/v1/models/\(id)")
        #expect(answer.status == 200)
        #expect(answer.json?["object"] as? String == "model")
    }

    @Test func anUnknownModelIsSaidInOpenAIsWay() async throws {
        let answer = try await fleet.ask(.get, "/v1/models/nope")
        #expect(answer.status == 404)
        let error = try #require(answer.json?["error"] as? [String: Any])
        #expect(error["type"] as? String == "not_found_error")
        #expect(error.keys.sorted() == ["code", "message", "param", "type"])
    }

    @Test func aliasesAreListedAsTheirFirstModelThatIsThere() async throws {
        var fleet = Fleet.three()
        fleet.facts.aliases = [
            ("mine", ["gone:1b", "llama3.2", "tiny/model"]), ("nothing", ["gone:1b"]), ("tiny/model", ["llama3.2"]),
        ]
        let list = try #require(try await fleet.ask(.get, "/v1/models").json?["data"] as? [[String: Any]])
        #expect(list.compactMap { $0["id"] as? String } == ["llama3.2:latest", "mine", "tiny/model"])
        #expect(try await fleet.ask(.get, "/v1/models/MINE").status == 200)
        #expect(try await fleet.ask(.get, "/v1/models/nothing").status == 404)
        let tags = try #require(try await fleet.ask(.get, "/api/tags").json?["models"] as? [[String: Any]])
        let mine = try #require(tags.first { $0["name"] as? String == "mine" })
        #expect((mine["details"] as? [String: Any])?["fleet_nodes"] as? [String] == ["attic", "desk"])
        #expect(mine["size"] as? Int == 2_000_000_000)
    }
}
