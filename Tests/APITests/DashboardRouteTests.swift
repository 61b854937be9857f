import Foundation
import HTTPTypes
import Hummingbird
import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import API

/// The dashboard's page and files: on every tab's address, with what keeps a browser to this peer.
@Suite struct DashboardRouteTests {
    @Test func everyTabIsThePage() async throws {
        let fleet = Fleet.three()
        for path in ["/dashboard"] + DashboardRoutes.tabs.map({ "/dashboard/" + $0 }) {
            let answer = try await fleet.ask(.get, path)
            #expect(answer.status == 200 && answer.text.contains("<title>herd-peer</title>"), "\(path)")
            #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
            #expect(answer.headers[.cacheControl] == "no-cache" && answer.headers[.xContentTypeOptions] == "nosniff")
            let policy = try #require(answer.headers[.contentSecurityPolicy])
            #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self';"))
            #expect(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe") && !policy.contains("http"))
            let referrer = try #require(HTTPField.Name("Referrer-Policy"))
            #expect(answer.headers[referrer] == "no-referrer")
        }
        #expect(try await fleet.ask(.get, "/dashboard/moon").status == 404)
        #expect(try await fleet.ask(.get, "/dashboard/assets/").status == 404)
        #expect(try await fleet.ask(.post, "/dashboard").status == 405)
    }

    @Test func thePageAsksForAKeyWhereThereAreKeys() async throws {
        var fleet = Fleet.three()
        #expect(try await fleet.ask(.get, "/dashboard").text.contains("data-keys=\"off\""))
        fleet.facts.clientKeys = {
            var list = ClientKeyList()
            list.in_force = true
            return list
        }
        #expect(try await fleet.ask(.get, "/dashboard/mesh").text.contains("data-keys=\"on\""))
    }

    @Test func filesAreNotSentAgain() async throws {
        let fleet = Fleet.three()
        let first = try await fleet.ask(.get, "/dashboard/assets/main.js")
        let tag = try #require(first.headers[.eTag])
        #expect(
            first.status == 200 && first.headers[.contentType] == "text/javascript; charset=utf-8"
                && first.body.readableBytes > 1_000)
        for known in [tag, "W/" + tag, "\"x\", \(tag)", "*"] {
            let again = try await fleet.ask(.get, "/dashboard/assets/main.js", headers: [.ifNoneMatch: known])
            #expect(again.status == 304 && again.body.readableBytes == 0 && again.headers[.eTag] == tag, "\(known)")
        }
        #expect(try await fleet.ask(.get, "/dashboard/assets/main.js", headers: [.ifNoneMatch: "\"x\""]).status == 200)
        #expect(try await fleet.ask(.get, "/dashboard/assets/chart.js").headers[.contentType] == "text/javascript; charset=utf-8")
        for name in ["index.html", "none.js", "..%2fmain.js", "%2e%2e", "a/b.js"] {
            #expect(try await fleet.ask(.get, "/dashboard/assets/" + name).status == 404, "\(name)")
        }
    }
}
