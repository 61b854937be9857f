import Access
import FastLane
import Foundation
import Gossip
import Routing
import Testing

/// Client keys through real sockets, on both lanes.
@Suite struct ClientKeyTests {
    private func peer(_ engine: ScriptedUpstream, _ keys: TestKeys, other: (any OtherLane)? = EchoLane()) async throws -> TestPeer
    {
        try await TestPeer(alone: "h1", engine: engine, other: other) { $0.gate = keys.gate }
    }

    private func error(_ response: RawClient.Response) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(response.body.utf8)) as? [String: Any])
    }

    @Test func withoutKeysAClientsCredentialsPassThrough() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await peer(engine, TestKeys())
        let client = try peer.client()
        try client.send(post("/api/chat?api_key=mine", Lines.plain, "Authorization: Bearer sk-1\r\nX-Api-Key: sk-2\r\n"))
        #expect(try await client.response().status == 200)
        #expect(engine.requests.first?.header("authorization") == "Bearer sk-1")
        #expect(engine.requests.first?.header("x-api-key") == "sk-2")
        #expect(engine.requests.first?.head.contains("/api/chat?api_key=mine") == true)
        await peer.stop()
    }

    @Test func aKeyLetsInAndGoesNoFurther() async throws {
        var keys = TestKeys()
        try keys.add("laptop")
        let engine = try await ScriptedUpstream { _, connection in
            connection.begin()
            connection.chunk(Lines.token("a"))
            connection.chunk(Lines.last)
            connection.end()
        }
        let peer = try await peer(engine, keys)
        let text = try #require(keys.texts["laptop"])
        for (path, shown) in [
            ("/api/chat", keys.bearer("laptop")), ("/api/chat", keys.apiKey("laptop")),
            ("/api/chat?x=1&api_key=\(text)", keys.bearer("laptop") + keys.apiKey("laptop")),
            ("/api/chat", "Authorization: Bearer ollama\r\n" + keys.apiKey("laptop")),
        ] {
            let client = try peer.client()
            try client.send(post(path, Lines.chat, shown + "X-Herd-Tags: key:boss, team\r\n"))
            let response = try await client.response()
            #expect(response.status == 200 && response.body.contains("\"done\":true"))
            #expect(!response.head.contains(text))
        }
        #expect(engine.requests.count == 4)
        for request in engine.requests {
            #expect(request.header("authorization") == nil && request.header("x-api-key") == nil)
            #expect(!request.head.contains("hp-") && !request.head.contains("api_key"))
        }
        #expect(engine.requests[2].head.hasPrefix("POST /api/chat?x=1 "))
        #expect(await eventually { peer.traces.ends.count == 4 })
        // Whose key it was is not the client's to say.
        #expect(peer.traces.ends.allSatisfy { $0.tags == ["team", "key:laptop"] })
        #expect(!peer.traces.rows.contains { "\($0)".contains(text) })
        await peer.stop()
    }

    struct Refused: Sendable {
        var path: String
        var headers: String
        var kind: String
    }

    @Test(arguments: [
        Refused(path: "/api/chat", headers: "", kind: "ollama"),
        Refused(path: "/v1/chat/completions", headers: "Authorization: Bearer sk-none\r\n", kind: "openai"),
        Refused(path: "/v1/embeddings", headers: "", kind: "openai"),
        Refused(path: "/v1/messages", headers: "x-api-key: sk-ant-none\r\nanthropic-version: 2023-06-01\r\n", kind: "anthropic"),
        Refused(path: "/v1/chat/completions", headers: "anthropic-version: 2023-06-01\r\n", kind: "anthropic"),
        Refused(path: "/api/pull", headers: "", kind: "ollama"),
    ])
    func withoutAGoodKeyItIs401InTheCallersForm(_ test: Refused) async throws {
        var keys = TestKeys()
        try keys.add("laptop")
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await peer(engine, keys)
        let client = try peer.client()
        for _ in 0..<2 {
            // Twice on one connection: a refusal does not cost it.
            try client.send(post(test.path, Lines.plain, test.headers))
            let response = try await client.response()
            #expect(response.status == 401)
            #expect(response["www-authenticate"]?.hasPrefix("Bearer realm=") == true)
            let body = try error(response)
            switch test.kind {
            case "ollama": #expect((body["error"] as? String)?.contains("herd-peer keys add") == true)
            case "openai":
                let detail = try #require(body["error"] as? [String: Any])
                #expect(detail["code"] as? String == "invalid_api_key" && detail["type"] as? String == "invalid_request_error")
                #expect((detail["message"] as? String)?.contains("herd-peer keys add") == true)
            default:
                #expect(body["type"] as? String == "error")
                #expect((body["error"] as? [String: Any])?["type"] as? String == "authentication_error")
            }
        }
        #expect(engine.requests.isEmpty && peer.state.counters.accepted == 0)
        #expect(keys.gate.refused.reduce(0) { $0 + $1.count } == 2)
        await peer.stop()
    }

    @Test func theRefusalComesBeforeTheBody() async throws {
        var keys = TestKeys()
        try keys.add("laptop")
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await peer(engine, keys)
        let client = try peer.client()
        try client.send(
            "POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n")
        #expect(try await client.response().status == 401)
        #expect(client.pending.isEmpty, "nobody asked for the body")
        let chunked = try peer.client()
        try chunked.send("POST /api/pull HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
        #expect(try await chunked.response().status == 401)
        try chunked.send("0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try await chunked.response().body == "other GET /health ")
        await peer.stop()
    }

    /// herd-compat D3: there anybody on the network could delete models and change settings.
    @Test func d3TheOtherLaneIsBehindTheSameGate() async throws {
        var keys = TestKeys(owner: "owner")
        try keys.add("eye", [.observe])
        try keys.add("boss", [.manage])
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await peer(engine, keys)
        let client = try peer.client()
        let eye = try #require(keys.texts["eye"])
        let asked: [(String, String, Int)] = [
            ("GET /", "", 200), ("GET /health", "", 200), ("OPTIONS /api/delete", "", 200),
            ("GET /fleet/status", "", 401), ("GET /fleet/status", keys.bearer("eye"), 200),
            ("GET /fleet/status", keys.bearer("boss"), 403), ("GET /fleet/status?api_key=\(eye)", "", 200),
            ("GET /api/tags", keys.apiKey("boss"), 200), ("DELETE /api/delete", keys.bearer("eye"), 403),
            ("DELETE /api/delete", keys.bearer("boss"), 200), ("DELETE /api/delete", "X-Herd-Admin: owner\r\n", 200),
            ("DELETE /api/delete", "X-Herd-Admin: guess\r\n", 401), ("DELETE /api/delete?api_key=\(eye)", "", 401),
        ]
        for (line, headers, status) in asked {
            try client.send("\(line) HTTP/1.1\r\nHost: x\r\n\(headers)\r\n")
            let response = try await client.response()
            #expect(response.status == status, "\(line) \(headers)")
            #expect(!response.body.contains("hp-\(eye.dropFirst(3))"), "the route behind sees no key")
        }
        // An answer to HEAD has no body: a client would take it for the next answer.
        try client.send("HEAD /fleet/status HTTP/1.1\r\nHost: x\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        let head = try await client.response()
        #expect(head.status == 401 && head.body.isEmpty)
        #expect(try await client.response().body == "other GET /health ")
        // The owner may ask models, too.
        try client.send(post("/api/chat", Lines.plain, "X-Herd-Admin: owner\r\n"))
        #expect(try await client.response().status == 200)
        await peer.stop()
    }

    @Test func aPagesPreflightNeedsNoKeyAndItCanReadTheRefusal() async throws {
        var keys = TestKeys()
        try keys.add("laptop")
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await peer(engine, keys)
        let client = try peer.client()
        let origin = "Origin: http://localhost:3000\r\n"
        try client.send("OPTIONS /api/chat HTTP/1.1\r\nHost: x\r\n\(origin)Access-Control-Request-Method: POST\r\n\r\n")
        #expect(try await client.response().status == 200)
        try client.send(post("/api/chat", Lines.plain, origin))
        let refused = try await client.response()
        #expect(refused.status == 401 && refused["access-control-allow-origin"] == "http://localhost:3000")
        try client.send(post("/api/chat", Lines.plain, "Origin: http://evil.test\r\n" + keys.bearer("laptop")))
        #expect(try await client.response().status == 403)
        await peer.stop()
    }

    @Test func aRevokedKeyIsRefusedFromTheNextRequestOn() async throws {
        var keys = TestKeys()
        try keys.add("laptop")
        let engine = try await ScriptedUpstream { request, connection in
            connection.begin()
            connection.chunk(Lines.token("a"))
            if request.number > 1 { return }
            connection.chunk(Lines.last)
            connection.end()
        }
        let peer = try await peer(engine, keys)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.chat, keys.bearer("laptop")))
        #expect(try await client.response().status == 200)
        let running = try peer.client()
        try running.send(post("/api/chat", Lines.chat, keys.bearer("laptop")))
        try await running.read(until: Lines.token("a"))
        keys.revoke("laptop")
        try client.send(post("/api/chat", Lines.chat, keys.bearer("laptop")))
        let refused = try await client.response()
        #expect(refused.status == 401 && refused.body.contains("revoked"))
        // What runs goes on.
        #expect(peer.state.counters.active == 1)
        running.close()
        await peer.stop()
    }

    @Test func readOnlyManagementWithoutKeys() async throws {
        let keys = TestKeys(owner: "owner", readOnly: true)
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await peer(engine, keys)
        let client = try peer.client()
        try client.send(post("/api/pull", "{}"))
        let refused = try await client.response()
        #expect(refused.status == 403 && refused.body.contains("--read-only-management"))
        try client.send("DELETE /api/delete HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try await client.response().status == 403)
        try client.send(post("/api/pull", #"{"model":"new","stream":false}"#, "X-Herd-Admin: owner\r\n"))
        #expect(try await client.response().body == "{}")
        // Nothing else changes; without keys in force credentials pass through as ever.
        try client.send(post("/api/chat", Lines.plain, "Authorization: Bearer sk-1\r\n"))
        #expect(try await client.response().status == 200)
        #expect(engine.requests.last?.header("authorization") == "Bearer sk-1")
        await peer.stop()
    }
}
