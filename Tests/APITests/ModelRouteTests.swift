import Foundation
import HTTPTypes
import Synchronization
import Testing

@testable import API

/// `DELETE /api/delete` and `POST /api/copy`.
@Suite struct ModelRouteTests {
    private final class Orders: Sendable {
        let all = Mutex<[ModelOrder]>([])
    }

    private func fleet(_ outcome: ModelOrderOutcome, _ orders: Orders = Orders()) -> Fleet {
        var fleet = Fleet.three()
        fleet.facts.changeModels = { order in
            orders.all.withLock { $0.append(order) }
            return outcome
        }
        return fleet
    }

    @Test func ordersAreReadFromBodyOrQuery() async throws {
        let orders = Orders()
        let fleet = fleet(.done(nodes: ["desk", "lab"]), orders)
        let deleted = try await fleet.ask(.delete, "/api/delete", body: #"{"model":"a:1b","node_id":"desk"}"#)
        #expect(deleted.status == 200 && deleted.text.isEmpty && deleted.headers[.fleetNode] == "desk, lab")
        #expect(try await fleet.ask(.delete, "/api/delete", body: #"{"name":"b"}"#).status == 200)
        #expect(try await fleet.ask(.delete, "/api/delete?model=c").status == 200)
        #expect(try await fleet.ask(.post, "/api/copy", body: #"{"source":"a","destination":"z"}"#).status == 200)
        #expect(
            orders.all.withLock { $0 } == [
                ModelOrder(.delete, model: "a:1b", node: "desk"), ModelOrder(.delete, model: "b"),
                ModelOrder(.delete, model: "c"), ModelOrder(.copy, model: "a", destination: "z"),
            ])
    }

    @Test(arguments: [
        ("{", "not a JSON object"), (#"{"model":7}"#, "not a JSON object"), ("{}", "model is required"),
        ("", "model is required"),
    ])
    func badOrdersAreRefused(body: String, words: String) async throws {
        let answer = try await fleet(.unknownModel).ask(.delete, "/api/delete", body: body)
        #expect(answer.status == 400 && (answer.json?["error"] as? String)?.contains(words) == true)
        #expect(try await fleet(.unknownModel).ask(.post, "/api/copy", body: #"{"source":"a"}"#).status == 400)
    }

    @Test func outcomesAreTold() async throws {
        let body = #"{"model":"a","node_id":"x"}"#
        let missing = try await fleet(.unknownModel).ask(.delete, "/api/delete", body: body)
        #expect(missing.status == 404 && missing.json?["error"] as? String == "model 'a' not found")
        let nowhere = try await fleet(.unknownNode(known: ["desk", "lab"])).ask(.delete, "/api/delete", body: body)
        #expect(nowhere.status == 404 && nowhere.text.contains("desk, lab"))
        let failed = try await fleet(.failed(reasons: ["lab": "no"], done: ["desk"])).ask(.delete, "/api/delete", body: body)
        #expect(failed.status == 502 && failed.json?["error"] as? String == "lab: no; done on desk")
        #expect(try await fleet(.unknownModel).ask(.post, "/api/delete", body: body).status == 405)
    }
}
