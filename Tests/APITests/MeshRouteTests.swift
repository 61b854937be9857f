import HTTPTypes
import Testing

@testable import API

@Suite struct MeshRouteTests {
    var fleet: Fleet {
        var fleet = Fleet.three()
        fleet.face = .mesh
        fleet.facts.sync = { body, _ in body.reversed() }
        fleet.facts.datagrams = { body, _ in body + [1] }
        fleet.facts.introduction = { Array("{}".utf8) }
        return fleet
    }

    func shown(_ token: String) throws -> HTTPFields {
        [try #require(HTTPField.Name("X-Herd-Fleet")): token]
    }

    @Test func aPeerMaySync() async throws {
        let answer = try await fleet.ask(.post, "/herd/v1/sync", body: "abc", headers: try shown("secret"))
        #expect(answer.status == 200)
        #expect(answer.text == "cba")
    }

    @Test(arguments: ["", "secre", "secret2", "SECRET"]) func aStrangerMayNot(token: String) async throws {
        #expect(try await fleet.ask(.post, "/herd/v1/sync", body: "abc", headers: try shown(token)).status == 403)
        #expect(try await fleet.ask(.post, "/herd/v1/sync", body: "abc").status == 403)
    }

    @Test func aBodyThatIsNoneIsTheSendersFault() async throws {
        struct NoSync: Error {}
        var fleet = fleet
        fleet.facts.sync = { _, _ in throw NoSync() }
        #expect(try await fleet.ask(.post, "/herd/v1/sync", body: "x", headers: try shown("secret")).status == 400)
    }

    @Test func tooMuchIsRefused() async throws {
        let body = String(repeating: "x", count: MeshRoutes.maximumSyncBytes + 1)
        #expect(try await fleet.ask(.post, "/herd/v1/sync", body: body, headers: try shown("secret")).status == 413)
    }

    @Test func datagramsComeInAndAnswersGoBack() async throws {
        let answer = try await fleet.ask(.post, "/herd/v1/datagrams", body: "abc", headers: try shown("secret"))
        #expect(answer.status == 200)
        #expect(answer.text == "abc\u{1}")
        #expect(try await fleet.ask(.post, "/herd/v1/datagrams", body: "abc").status == 403)
        let long = String(repeating: "x", count: MeshRoutes.maximumDatagramBytes + 1)
        #expect(try await fleet.ask(.post, "/herd/v1/datagrams", body: long, headers: try shown("secret")).status == 413)
    }

    @Test func theIntroductionStandsOnBothPorts() async throws {
        #expect(try await fleet.ask(.get, "/herd/v1/mesh").status == 200)
        #expect(try await Fleet.three().ask(.get, "/herd/v1/mesh").status == 200)
    }

    @Test func clientRoutesAreNotOnTheMeshPort() async throws {
        #expect(try await fleet.ask(.get, "/fleet/status").status == 404)
        #expect(try await fleet.ask(.get, "/api/tags").status == 404)
    }
}
