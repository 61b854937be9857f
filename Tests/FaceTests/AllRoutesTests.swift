import FastLane
import HTTPStub
import Testing

/// No route of the contracts is forgotten (defect D33 of herd-compat, N27 of nomyo-compat), with and without the method that
/// pages ask first.
@Suite struct AllRoutesTests {
    private func peer() async throws -> FacePeer {
        let engine = try HTTPStub { _ in .json("{}") }
        return try await FacePeer.alone(engine.port, models: ["tiny:latest", "hf.co/a/tiny:latest"])
    }

    @Test func defectD33AndN27EveryRouteIsThere() async throws {
        let peer = try await peer()
        for (method, path, body) in SpecRoutes.all {
            let isForm = body == "form"
            let type = isForm ? "multipart/form-data; boundary=b" : "application/json"
            let bytes = body.map { Array((isForm ? SpecRoutes.form : $0).utf8) }
            let answer = try await peer.ask(method, path, headers: [("Content-Type", type)], body: bytes)
            #expect(answer.status != 405 && answer.text != "404 page not found" && answer.status < 600, "\(method) \(path)")
            let isNowhere = answer.status == 404 && answer["content-type"] == "text/plain"
            #expect(!isNowhere && answer.status != 500, "\(method) \(path): \(answer.status) \(answer.text)")
            if method == "HEAD" { #expect(answer.text.isEmpty) }
        }
        await peer.stop()
    }

    @Test func everyRouteSaysItsMethods() async throws {
        let peer = try await peer()
        for (method, path, _) in SpecRoutes.all {
            let options = try await peer.ask("OPTIONS", path)
            #expect(options.status == 204 && options["allow"]?.contains(method) == true, "\(path): \(options["allow"] ?? "")")
            let wrong = try await peer.ask("PATCH", path)
            #expect(wrong.status == 405 && wrong.text == "405 method not allowed" && wrong["allow"]?.contains(method) == true)
            #expect(wrong["content-type"] == "text/plain")
        }
        await peer.stop()
    }

    /// api-contracts §3, on both lanes.
    @Test func pagesOfOtherHostsReachNoRoute() async throws {
        let peer = try await peer()
        for (method, path, body) in SpecRoutes.all {
            let bytes = body.map { Array($0.utf8) }
            for method in [method, "OPTIONS"] {
                let foreign = try await peer.ask(method, path, headers: [("Origin", "https://evil.example")], body: bytes)
                #expect(foreign.status == 403 && foreign.text.isEmpty && foreign["access-control-allow-origin"] == nil)
            }
            let asked = [("Origin", "http://localhost:3000"), ("Access-Control-Request-Method", method)]
            let preflight = try await peer.ask("OPTIONS", path, headers: asked)
            #expect(preflight.status == 204 && preflight["access-control-allow-origin"] == "http://localhost:3000", "\(path)")
            #expect(preflight["access-control-allow-methods"] == "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS")
            #expect(preflight["access-control-max-age"] == "43200")
            let friendly = try await peer.ask(method, path, headers: [("Origin", "app://x")], body: bytes)
            #expect(friendly["access-control-allow-origin"] == "app://x" && friendly["vary"] == "Origin", "\(path)")
        }
        await peer.stop()
    }

    @Test func foreignHostsReachNoRoute() async throws {
        let peer = try await FacePeer("local", number: 1) { $0.access.checksHost = true }
        for (method, path, body) in SpecRoutes.all {
            let bytes = body.map { Array($0.utf8) }
            let foreign = try await peer.ask(method, path, headers: [("Host", "evil.example")], body: bytes)
            #expect(foreign.status == 403 && foreign.text.isEmpty)
        }
        #expect(try await peer.ask("GET", "/api/version", headers: [("Host", "desk.local:11435")]).status == 200)
        await peer.stop()
    }
}
