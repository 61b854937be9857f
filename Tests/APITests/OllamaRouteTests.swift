import Foundation
import Gossip
import HTTPTypes
import NIOCore
import Testing

@testable import API

@Suite struct OllamaRouteTests {
    let fleet = Fleet.three()

    @Test func theRootAnswersLikeOllama() async throws {
        let answer = try await fleet.ask(.get, "/")
        #expect(answer.status == 200)
        #expect(answer.text == "Ollama is running")
        #expect(answer.headers[.contentType] == "text/plain; charset=utf-8")
        let head = try await fleet.ask(.head, "/")
        #expect(head.status == 200)
        #expect(head.text.isEmpty)
    }

    @Test func theVersionIsTheLowestOfTheFleetInThreeNumbers() async throws {
        let json = try #require(try await fleet.ask(.get, "/api/version").json)
        #expect(json["version"] as? String == "0.33.0")
        #expect(json["herd_version"] as? String == "0.1.0")
    }

    @Test(arguments: [("0.33.0-rc2", [0, 33, 0]), ("v1.2", [1, 2, 0]), ("7", [7, 0, 0])])
    func versionsAreRead(text: String, numbers: [Int]) {
        #expect(VersionBody.numbers(text) == numbers)
    }

    @Test func whatIsNoVersionCountsAsUnknown() {
        #expect(VersionBody.numbers("dev") == nil)
        #expect(VersionBody.numbers("") == nil)
    }

    @Test func tagsListAllModels() async throws {
        let json = try #require(try await fleet.ask(.get, "/api/tags").json)
        let models = try #require(json["models"] as? [[String: Any]])
        #expect(models.compactMap { $0["name"] as? String } == ["llama3.2:latest", "tiny/model"])
        let details = try #require(models.first?["details"] as? [String: Any])
        #expect(details["fleet_nodes"] as? [String] == ["desk"])
        #expect(details["families"] as? [String] == ["llama"])
        #expect(models.first?["modified_at"] as? String == "2025-06-15T15:06:40Z")
    }

    @Test func runningModelsNameTheirNode() async throws {
        let json = try #require(try await fleet.ask(.get, "/api/ps").json)
        let models = try #require(json["models"] as? [[String: Any]])
        #expect(models.count == 1)
        #expect(models.first?["fleet_node"] as? String == "desk")
        #expect(models.first?["context_length"] as? Int == 4_096)
    }

    @Test func aModelWhoseEngineHasNoShowIsShownAllTheSame() async throws {
        var fleet = fleet
        fleet.facts.show = { _, _ in .unknownModel }
        let json = try #require(try await fleet.ask(.post, "/api/show", body: #"{"model":"tiny/model"}"#).json)
        #expect(json["capabilities"] as? [String] == ["completion"] && json["model_info"] is [String: Any])
        #expect((json["details"] as? [String: Any])?["format"] is String && json["modified_at"] is String)
        #expect(try await fleet.ask(.post, "/api/show", body: #"{"model":"none"}"#).status == 404)
    }

    @Test func showPassesTheAnswerOn() async throws {
        var fleet = fleet
        fleet.facts.show = { model, _ in
            model == "llama3.2"
                ? .answered(
                    node: "desk", status: 200, contentType: "application/json", body: ByteBuffer(string: "{\"license\":\"x\"}"))
                : .unknownModel
        }
        let answer = try await fleet.ask(.post, "/api/show", body: #"{"name":"llama3.2"}"#)
        #expect(answer.status == 200)
        #expect(answer.headers[.fleetNode] == "desk")
        #expect(answer.text == "{\"license\":\"x\"}")
        let missing = try await fleet.ask(.post, "/api/show", body: #"{"model":"nope"}"#)
        #expect(missing.status == 404)
        #expect(missing.json?["error"] as? String == "model 'nope:latest' not found")
    }

    @Test(arguments: [
        ("", "missing request body"), ("{}", "model is required"), (#"{"model":""}"#, "model is required"),
        ("{not json", "the body is not a JSON object with a text field 'model'"),
        (#"{"model":7}"#, "the body is not a JSON object with a text field 'model'"),
    ])
    func badShowRequestsSayWhy(body: String, error: String) async throws {
        let answer = try await fleet.ask(.post, "/api/show", body: body)
        #expect(answer.status == 400)
        #expect(answer.json?["error"] as? String == error)
    }

    @Test func wrongMethodsAndPathsAnswerLikeOllama() async throws {
        let wrong = try await fleet.ask(.post, "/api/tags")
        #expect(wrong.status == 405)
        #expect(wrong.text == "405 method not allowed")
        #expect(wrong.headers[.allow] == "GET, HEAD")
        let inference = try await fleet.ask(.get, "/api/chat")
        #expect(inference.status == 405)
        #expect(inference.headers[.allow] == "POST")
        let unknown = try await fleet.ask(.get, "/api/nothing")
        #expect(unknown.status == 404)
        #expect(unknown.text == "404 page not found")
        let fleetPath = try await fleet.ask(.get, "/fleet/nothing")
        #expect(fleetPath.json?["detail"] as? String == "Not Found")
    }

    @Test func anAllowedPageMayReadAndIsToldSoBeforehand() async throws {
        let page: HTTPFields = [.origin: "http://localhost:3000"]
        let answer = try await fleet.ask(.get, "/api/tags", headers: page)
        #expect(answer.headers[.accessControlAllowOrigin] == "http://localhost:3000")
        #expect(answer.headers[.vary] == "Origin")
        let asking: HTTPFields = [.origin: "http://localhost:3000", .accessControlRequestMethod: "POST"]
        let preflight = try await fleet.ask(.options, "/api/chat", headers: asking)
        #expect(preflight.status == 204)
        #expect(preflight.headers[.accessControlAllowMethods] == "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS")
        #expect(preflight.headers[.accessControlAllowHeaders]?.contains("X-Stainless-Retry-Count") == true)
        #expect(preflight.headers[.accessControlMaxAge] == "43200")
        #expect(preflight.headers[.allow] == "POST")
        let plain = try await fleet.ask(.get, "/api/tags")
        #expect(plain.headers[.accessControlAllowOrigin] == nil)
    }
}
