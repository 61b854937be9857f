import Foundation
import Gossip
import HTTPTypes
import Health
import NIOConcurrencyHelpers
import Testing

@testable import API

@Suite struct PinRouteTests {
    /// The pins of a fleet as a router would write them.
    final class Book: Sendable {
        let entries = NIOLockedValueBox<[String: String]>([:])
        let outcome = NIOLockedValueBox(SettingsOutcome.fleet)
    }

    /// `desk` has 16 GB, 8 free, and `llama3.2` of 2 GB (3 in memory); `attic` has `tiny/model`.
    private func fleet(_ book: Book = Book(), free: UInt32 = 8_192, models: [(String, Int64)] = []) -> Fleet {
        var fleet = Fleet.three()
        var desk = Fleet.desk
        desk.hot?.memoryAvailableMiB = free
        for (name, bytes) in models {
            var model = AvailableModel(name: name, backend: "ollama")
            model.sizeBytes = bytes
            desk.models?.available.append(model)
        }
        let view = FleetView(number: 4, selfID: Fleet.id(1), members: [desk, Fleet.attic, Fleet.couch], router: nil)
        fleet.facts.view = { view }
        fleet.facts.pins.all = {
            book.entries.withLockedValue(\.self).sorted { $0.key < $1.key }.compactMap {
                try? JSONDecoder().decode(Pin.self, from: Data($0.value.utf8))
            }
        }
        fleet.facts.writeSettings = { writes, _ in
            book.entries.withLockedValue { entries in for write in writes { entries[write.key] = write.value } }
            return book.outcome.withLockedValue { $0 }
        }
        return fleet
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func aPinIsWrittenShownAndTakenAway() async throws {
        let book = Book()
        let fleet = fleet(book)
        let answer = try await fleet.ask(.post, "/fleet/pin", body: #"{"model":"llama3.2"}"#)
        let body = try object(answer.text)
        #expect(answer.status == 200 && body["ok"] as? Bool == true && body["pinned_node"] as? String == "desk")
        #expect((body["per_node"] as? [String: [String]]) == ["desk": ["llama3.2:latest"]] && body["ready"] == nil)
        let list = try object(try await fleet.ask(.get, "/dashboard/api/pinned-models").text)
        #expect((list["per_node"] as? [String: [String]]) == ["desk": ["llama3.2:latest"]])
        #expect(list["max_count"] as? Int == 3 && (list["env_pins"] as? [String]) == [])
        let gone = try object(try await fleet.ask(.delete, "/fleet/pin/llama3.2").text)
        #expect((gone["unpinned_from"] as? [String]) == ["desk"] && (gone["per_node"] as? [String: [String]]) == [:])
        #expect(book.entries.withLockedValue { $0.isEmpty })
        let nothing = try object(try await fleet.ask(.delete, "/fleet/pin/hf.co/a%2Fb").text)
        #expect(nothing["ok"] as? Bool == true && nothing["model"] as? String == "hf.co/a/b")
        #expect((nothing["unpinned_from"] as? [String]) == [])
    }

    @Test func waitingTellsWhetherItIsReady() async throws {
        let loaded = try object(try await fleet().ask(.post, "/fleet/pin", body: #"{"model":"llama3.2","wait":true}"#).text)
        #expect(loaded["ready"] as? Bool == true && loaded["ready_after_ms"] is Int)
        let cold = try await fleet(models: [("cold", 1_000)]).ask(
            .post, "/fleet/pin", body: #"{"model":"cold","wait":true,"timeout_s":0.1}"#)
        #expect(try object(cold.text)["ready"] as? Bool == false)
    }

    @Test(
        arguments: [
            (#"{"model":"llama3.2","node_id":"nobody"}"#, 400, "known_nodes"), (#"{"model":"nowhere"}"#, 404, "error"),
            (#"{"model":"llama3.2","node_id":"attic"}"#, 404, "error"), (#"{"model":""}"#, 400, "error"), ("{", 400, "error"),
            (#"{"model":5}"#, 400, "error"), (#"{"model":"llama3.2","node_id":"couch"}"#, 400, "known_nodes"),
        ])
    func whatCannotBePinned(body: String, status: Int, key: String) async throws {
        let answer = try await fleet().ask(.post, "/fleet/pin", body: body)
        let found = try object(answer.text)
        #expect(answer.status == status && found[key] != nil && found["ok"] as? Bool == false)
    }

    @Test func pinsStayBelowEightyPercent() async throws {
        let book = Book()
        // 16 GB: 12.8 for pins. 3 are pinned; 8.2 GB of weights take 9.84.
        let fleet = fleet(book, free: 16_000, models: [("big", 8_200_000_000), ("fits", 8_100_000_000)])
        #expect(try await fleet.ask(.post, "/fleet/pin", body: #"{"model":"llama3.2"}"#).status == 200)
        let over = try await fleet.ask(.post, "/fleet/pin", body: #"{"model":"big"}"#)
        let body = try object(over.text)
        #expect(over.status == 409 && body["requested_gb"] as? Double == 9.84 && body["already_pinned_gb"] as? Double == 3)
        #expect(body["budget_gb"] as? Double == 12.8 && body["node_total_gb"] as? Double == 16 && body["hint"] is String)
        #expect((body["already_pinned"] as? [String: Double]) == ["llama3.2:latest": 3])
        #expect(try await fleet.ask(.post, "/fleet/pin", body: #"{"model":"fits"}"#).status == 200)
        #expect(try await fleet.ask(.post, "/fleet/pin", body: #"{"model":"big","force":true}"#).status == 200)
    }

    @Test func memoryMustBeFree() async throws {
        let fleet = fleet(free: 1_024, models: [("big", 5_000_000_000)])
        let answer = try await fleet.ask(.post, "/fleet/pin", body: #"{"model":"big"}"#)
        let body = try object(answer.text)
        #expect(answer.status == 503 && body["available_gb"] as? Double == 1 && body["requested_gb"] as? Double == 6)
        // What is in memory needs no more.
        #expect(try await fleet.ask(.post, "/fleet/pin", body: #"{"model":"llama3.2"}"#).status == 200)
        #expect(try await fleet.ask(.post, "/fleet/pin", body: #"{"model":"big","force":true}"#).status == 200)
    }

    @Test func withoutAWriterNothingIsPinned() async throws {
        let book = Book()
        book.outcome.withLockedValue { $0 = .refused("there are too many settings") }
        let answer = try await fleet(book).ask(.post, "/fleet/pin", body: #"{"model":"llama3.2"}"#)
        #expect(answer.status == 503 && answer.text.contains("too many settings"))
        book.outcome.withLockedValue { $0 = .local }
        let alone = try object(try await fleet(book).ask(.post, "/fleet/pin", body: #"{"model":"llama3.2"}"#).text)
        #expect(alone["scope"] as? String == "local")
    }

    @Test func theDashboardPinsNodeByNode() async throws {
        let book = Book()
        let fleet = fleet(book)
        let path = "/dashboard/api/pinned-models"
        let on = try await fleet.ask(.post, path, body: #"{"node_id":"desk","model":"llama3.2","pinned":true}"#)
        #expect(on.status == 200)
        #expect((try object(on.text)["per_node"] as? [String: [String]]) == ["desk": ["llama3.2:latest"]])
        let other = try await fleet.ask(.post, path, body: #"{"node_id":"attic","model":"llama3.2","pinned":false}"#)
        #expect((try object(other.text)["per_node"] as? [String: [String]]) == ["desk": ["llama3.2:latest"]])
        let off = try await fleet.ask(.post, path, body: #"{"node_id":"desk","model":"llama3.2","pinned":false}"#)
        #expect((try object(off.text)["per_node"] as? [String: [String]]) == [:])
        #expect(try await fleet.ask(.post, path, body: #"{"model":"llama3.2"}"#).status == 400)
    }

    @Test func aFleetHasNoMorePinsThanItsSettingsHold() async throws {
        let book = Book()
        for number in 0..<Pin.most {
            let pin = Pin(node: "n\(number)", model: "m")
            let value = String(decoding: try JSONEncoder().encode(pin), as: UTF8.self)
            book.entries.withLockedValue { $0[pin.settingKey] = value }
        }
        #expect(try await fleet(book).ask(.post, "/fleet/pin", body: #"{"model":"llama3.2"}"#).status == 409)
    }
}
