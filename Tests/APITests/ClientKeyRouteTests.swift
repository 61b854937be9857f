import Access
import Foundation
import HTTPTypes
import NIOConcurrencyHelpers
import Testing

@testable import API

/// `/fleet/client-keys`, and what status and metrics tell of the gate.
@Suite struct ClientKeyRouteTests {
    private let path = "/fleet/client-keys"

    private func made(_ name: String = "laptop") throws -> (key: ClientKey, text: String) {
        try ClientKey.make(
            name: name, scopes: [.infer, .observe], limits: KeyLimits(concurrency: 4, tokensPerDay: 9), nowSeconds: 1_750_000_000)
    }

    private func owner(_ token: String = "owner") throws -> HTTPFields {
        [try #require(HTTPField.Name("X-Herd-Admin")): token]
    }

    private func fleet(_ gate: AccessGate = AccessGate()) -> Fleet {
        var fleet = Fleet.three()
        fleet.facts.adminToken = "owner"
        fleet.facts.clientKeys = { ClientKeyList(gate, at: AccessTime(elapsed: .zero, unixSeconds: 1_750_000_000)) }
        return fleet
    }

    @Test func ordersAreReadAndAnswered() async throws {
        var fleet = fleet()
        let orders = NIOLockedValueBox<[ClientKeyOrder]>([])
        fleet.facts.changeClientKeys = { order in
            orders.withLockedValue { $0.append(order) }
            return ClientKeyReply(accepted: order != .revoke("ghost"), message: "m", scope: "fleet", ids: ["1"], warnings: ["w"])
        }
        let key = try made().key
        let add = String(decoding: try JSONEncoder().encode(ClientKeyOrder.add(key)), as: UTF8.self)
        let done = try await fleet.ask(.post, path, body: add, headers: try owner())
        #expect(done.status == 200 && done.json?["accepted"] as? Bool == true && done.json?["warnings"] as? [String] == ["w"])
        #expect(try await fleet.ask(.post, path, body: #"{"revoke":"laptop"}"#, headers: try owner()).status == 200)
        #expect(try await fleet.ask(.post, path, body: #"{"off":true}"#, headers: try owner()).status == 200)
        #expect(try await fleet.ask(.post, path, body: #"{"revoke":"ghost"}"#, headers: try owner()).status == 409)
        #expect(orders.withLockedValue { $0 } == [.add(key), .revoke("laptop"), .off, .revoke("ghost")])
        for order in orders.withLockedValue({ $0 }) {
            #expect(try JSONDecoder().decode(ClientKeyOrder.self, from: JSONEncoder().encode(order)) == order)
        }
    }

    @Test func whatIsNoOrderSaysWhatOneIs() async throws {
        var fleet = fleet()
        fleet.facts.changeClientKeys = { _ in
            Issue.record("an order was carried out")
            return ClientKeyReply(accepted: true, message: "")
        }
        let key = String(decoding: try JSONEncoder().encode(ClientKeyOrder.add(made().key)), as: UTF8.self)
        for (body, words) in [
            ("", "{\"add\":KEY}"), ("{}", "{\"add\":KEY}"), (#"{"off":false}"#, "{\"add\":KEY}"),
            (#"{"off":1}"#, "{\"add\":KEY}"),
            (#"{"revoke":7}"#, "{\"add\":KEY}"), (key.replacingOccurrences(of: "laptop", with: "lap top"), "a key's name has"),
            (key.replacingOccurrences(of: "\"concurrency\":4", with: "\"concurrency\":0"), "concurrency is a whole number"),
            (key.replacingOccurrences(of: "[\"infer\",\"observe\"]", with: "[]"), "at least one scope"),
        ] {
            let answer = try await fleet.ask(.post, path, body: body, headers: try owner())
            #expect(answer.status == 400, "\(body)")
            #expect((answer.json?["error"] as? String)?.contains(words) == true, "\(answer.text)")
        }
        let long = String(repeating: " ", count: ClientKeyRoutes.maximumBytes + 1)
        #expect(try await fleet.ask(.post, path, body: long, headers: try owner()).status == 413)
    }

    @Test func onlyTheOwnerOnThisMachineSeesOrChangesThem() async throws {
        var fleet = fleet()
        fleet.facts.changeClientKeys = { _ in
            Issue.record("a stranger's order was carried out")
            return ClientKeyReply(accepted: true, message: "")
        }
        for headers in [HTTPFields(), try owner(""), try owner("owne"), try owner("owner2")] {
            #expect(try await fleet.ask(.get, path, headers: headers).status == 403)
            #expect(try await fleet.ask(.post, path, body: #"{"off":true}"#, headers: headers).status == 403)
        }
        fleet.remote = "10.0.0.9"
        #expect(try await fleet.ask(.post, path, body: #"{"off":true}"#, headers: try owner()).status == 403)
        fleet.remote = "127.0.0.1"
        fleet.facts.adminToken = ""
        #expect(try await fleet.ask(.post, path, body: #"{"off":true}"#, headers: try owner("")).status == 403)
        fleet.face = .mesh
        #expect(try await fleet.ask(.get, path, headers: try owner()).status == 404)
    }

    @Test func theListHasNeitherTextNorDigest() async throws {
        let made = try made()
        let gone = try self.made("gone").key.revoked(atSeconds: 1_750_000_500)
        let gate = AccessGate(readOnlyManagement: true)
        gate.take([(made.key.settingKey, made.key.settingValue), (gone.settingKey, gone.settingValue), ("client-key/x", "?")])
        let request = AccessRequest(method: "POST", target: "/api/chat", apiKey: [made.text])
        let pass = try #require(try gate.admit(request, at: AccessTime(elapsed: .zero, unixSeconds: 1_750_000_000)))
        gate.charge(5, to: pass, at: AccessTime(elapsed: .zero, unixSeconds: 1_750_000_000))
        let answer = try await fleet(gate).ask(.get, path, headers: try owner())
        #expect(answer.status == 200)
        let list = try JSONDecoder().decode(ClientKeyList.self, from: Data(answer.text.utf8))
        #expect(list.in_force && list.read_only_management && list.unreadable == 1)
        #expect(list.keys.map(\.name) == ["gone", "laptop"] && list.keys[0].revoked == 1_750_000_500)
        let laptop = list.keys[1]
        #expect(laptop.concurrency == 4 && laptop.requests_per_minute == nil && laptop.tokens_per_day == 9)
        #expect(laptop.running == 1 && laptop.requests == 1 && laptop.tokens_today == 5 && laptop.scopes == ["infer", "observe"])
        let digest = made.key.digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        #expect(!answer.text.contains(digest) && !answer.text.contains(made.text.dropFirst(12)))

        let status = try await fleet(gate).ask(.get, "/fleet/status")
        let access = try #require(status.json?["access"] as? [String: Any])
        #expect(access["keys_in_force"] as? Bool == true && access["keys"] as? Int == 1)
        #expect(access["read_only_management"] as? Bool == true)
        #expect(!status.text.contains("laptop"))
    }

    @Test func refusalsAreCounted() async throws {
        var fleet = fleet()
        fleet.facts.work = {
            var work = WorkFacts()
            work.refusedAtGate = [("missing", 3), ("read_only", 0)]
            return work
        }
        let text = try await fleet.ask(.get, "/metrics").text
        #expect(text.contains("herd_access_refused_total{reason=\"missing\"} 3\n"))
    }
}
