import Foundation
import Gossip
import HTTPTypes
import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import API

/// Hello, keys, and orders about them.
@Suite struct KeyRouteTests {
    private let pin = [UInt8](repeating: 0xAB, count: 32)

    private func fields(_ pairs: [(String, String)]) throws -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in pairs { fields.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value)) }
        return fields
    }

    private var sealed: Fleet {
        var fleet = Fleet.three()
        fleet.face = .mesh
        let pin = self.pin
        fleet.facts.admitsLink = { $0 == "t" && $1 == pin }
        fleet.facts.sync = { body, _ in body }
        return fleet
    }

    private var hex: String { pin.map { String($0, radix: 16) }.joined() }

    @Test(arguments: ["/herd/v1/sync", "/herd/v1/keys", "/api/show"])
    func tokenAndCertificateGoTogether(path: String) async throws {
        var fleet = sealed
        fleet.facts.keys = { body, _, _ in body }
        fleet.facts.showHere = { _, _ in .unknownModel }
        let both = [("X-Herd-Fleet", "t"), ("X-Herd-Link-Pin", hex)]
        #expect(try await fleet.ask(.post, path, body: #"{"model":"m"}"#, headers: try fields(both)).status != 403)
        let wrong = [
            [], [both[0]], [both[1]], [("X-Herd-Fleet", "u"), both[1]],
            [both[0], ("X-Herd-Link-Pin", String(hex.dropLast(2)) + "00")],
            [both[0], ("X-Herd-Link-Pin", "zz" + hex.dropFirst(2))],
            [both[0], ("X-Herd-Link-Pin", hex + "00")],
        ]
        for pairs in wrong {
            let answer = try await fleet.ask(.post, path, body: "abc", headers: try fields(pairs))
            #expect(answer.status == 403)
            #expect((answer.json?["error"] as? String)?.contains("herd-peer fleet status") == true)
        }
    }

    @Test func aHelloNeedsNoTokenAndBringsItsPin() async throws {
        struct Unreadable: Error {}
        var fleet = sealed
        let pin = self.pin
        fleet.facts.hello = { body, shown, remote in
            guard shown == pin, remote?.ipAddress == "127.0.0.1" else { throw Unreadable() }
            return body.reversed()
        }
        let answer = try await fleet.ask(.post, "/herd/v1/hello", body: "abc", headers: try fields([("X-Herd-Link-Pin", hex)]))
        #expect(answer.status == 200 && answer.text == "cba")
        let strange = try await fleet.ask(.post, "/herd/v1/hello", body: "abc")
        #expect(strange.status == 403 && !strange.text.contains("Unreadable"))
        let long = String(repeating: "x", count: MeshRoutes.maximumSealedBytes + 1)
        #expect(try await fleet.ask(.post, "/herd/v1/hello", body: long).status == 413)
        #expect(try await fleet.ask(.get, "/herd/v1/hello").status == 405)
        #expect(try await fleet.ask(.post, "/herd/v1/other").status == 404)
    }

    @Test func onlyTheOwnerOnThisMachineMayChangeKeys() async throws {
        var fleet = Fleet.three()
        let orders = NIOLockedValueBox<[KeyOrder]>([])
        fleet.facts.adminToken = "owner"
        fleet.facts.changeKeys = { order in
            orders.withLockedValue { $0.append(order) }
            return KeyOrderReply(accepted: order.force, message: "m", outOfSight: ["h3"])
        }
        let shown = try fields([("X-Herd-Admin", "owner")])
        let path = "/fleet/keys/rotate"
        let done = try await fleet.ask(.post, path, body: #"{"revoke":"h2","force":true}"#, headers: shown)
        #expect(done.status == 202 && done.json?["accepted"] as? Bool == true)
        let refused = try await fleet.ask(.post, path, body: "{}", headers: shown)
        #expect(refused.status == 409 && refused.json?["out_of_sight"] as? [String] == ["h3"])
        #expect(orders.withLockedValue { $0 } == [KeyOrder(revoke: "h2", force: true), KeyOrder()])
        #expect(try await fleet.ask(.post, path, body: "x", headers: shown).status == 400)
        for token in ["", "owne", "owner2", "OWNER"] {
            #expect(try await fleet.ask(.post, path, body: "{}", headers: try fields([("X-Herd-Admin", token)])).status == 403)
        }
        #expect(try await fleet.ask(.post, path, body: "{}").status == 403)
        fleet.remote = "10.0.0.9"
        #expect(try await fleet.ask(.post, path, body: "{}", headers: shown).status == 403)
        fleet.local = "10.0.0.9"
        #expect(try await fleet.ask(.post, path, body: "{}", headers: shown).status == 409)
        // Without a token of its own a peer takes no order, not even with an empty one.
        fleet.facts.adminToken = ""
        #expect(try await fleet.ask(.post, path, body: "{}", headers: try fields([("X-Herd-Admin", "")])).status == 403)
        // And never on the mesh port.
        fleet.face = .mesh
        #expect(try await fleet.ask(.post, path, body: "{}", headers: shown).status == 404)
        #expect(orders.withLockedValue { $0.count } == 3)
    }

    @Test func statusTellsHowTheFleetIsSealed() async throws {
        var fleet = Fleet.three()
        var asleep = Fleet.couch
        asleep.status = .asleep
        let view = FleetView(number: 4, selfID: Fleet.id(1), members: [Fleet.desk, Fleet.attic, asleep], router: nil)
        fleet.facts.view = { view }
        fleet.facts.mesh = {
            var figures = MeshFigures()
            figures.openFleet = false
            figures.keys = [.init(id: 7, stage: "active", ageSeconds: 5), .init(id: 9, stage: "installed", ageSeconds: 1)]
            figures.rotating = true
            var link = MeshFigures.Link()
            link.tls = true
            link.keys = [7]
            link.lacks = [9]
            figures.links = [Fleet.id(2).hex: link]
            figures.refused = ["forged": 3]
            figures.refusedLinks = ["token": 2]
            return figures
        }
        let mesh = try #require(try await fleet.ask(.get, "/fleet/status").json?["mesh"] as? [String: Any])
        #expect(mesh["open_fleet"] as? Bool == false && mesh["rotating"] as? Bool == true)
        #expect((mesh["keys"] as? [[String: Any]])?.map { $0["stage"] as? String } == ["active", "installed"])
        #expect((mesh["refused"] as? [String: Int]) == ["forged": 3])
        let members = try #require(mesh["members"] as? [[String: Any]])
        #expect(members[1]["tls"] as? Bool == true && members[1]["lacks"] as? [Int] == [9])
        #expect(members[1]["reason"] == nil)
        #expect(members[2]["status"] as? String == "unreachable" && members[2]["reason"] as? String == "asleep")
        let metrics = try await fleet.ask(.get, "/metrics").text
        #expect(metrics.contains("herd_open_fleet 0\n"))
        #expect(metrics.contains("herd_datagrams_refused_total{reason=\"forged\"} 3\n"))
        #expect(metrics.contains("herd_links_refused_total{reason=\"token\"} 2\n"))
        #expect(metrics.contains("herd_fleet_keys{stage=\"active\"} 1\n"))
    }
}
