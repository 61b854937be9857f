import FastLane
import Gossip
import Routing
import Testing

/// What is refused, in the words and shapes of each API.
@Suite struct BadRequestTests {
    struct Case: Sendable {
        var path: String
        var body: String
        var status: Int
        var text: String

        init(_ path: String, _ body: String, _ status: Int, _ text: String) {
            self.path = path
            self.body = body
            self.status = status
            self.text = text
        }
    }

    @Test(arguments: [
        Case("/api/chat", "", 400, #"{"error":"missing request body"}"#),
        Case("/api/generate", " ", 400, #"{"error":"missing request body"}"#),
        Case("/api/chat", "{bad", 400, #"{"error":"invalid character 'b' looking for beginning of object key string"}"#),
        Case("/api/chat", "{}", 400, #"{"error":"model is required"}"#),
        Case("/api/embeddings", "{}", 400, #"{"error":"model is required"}"#),
        Case("/api/generate", "{}", 404, #"{"error":"model '' not found"}"#),
        Case("/api/embed", "{}", 404, #"{"error":"model '' not found"}"#),
        Case("/api/chat", #"{"model":"nope"}"#, 404, #"{"error":"model 'nope' not found"}"#),
        Case("/api/generate", #"{"model":"nope"}"#, 404, #"{"error":"model 'nope' not found"}"#),
        Case("/api/embed", #"{"model":"nope"}"#, 404, #"{"error":"model \"nope\" not found, try pulling it first"}"#),
        Case("/api/embeddings", #"{"model":"nope"}"#, 404, #"{"error":"model \"nope\" not found, try pulling it first"}"#),
        Case("/api/chat", #"{"model":"a b c!!"}"#, 400, #"{"error":"invalid model name"}"#),
        Case("/api/chat", #"{"model":"a\r\nX: y"}"#, 400, #"{"error":"invalid model name"}"#),
        Case(
            "/v1/chat/completions", "", 400,
            #"{"error":{"message":"EOF","type":"invalid_request_error","param":null,"code":null}}"#),
        Case(
            "/v1/completions", "{}", 400,
            #"{"error":{"message":"model is required","type":"invalid_request_error","param":null,"code":null}}"#),
        Case(
            "/v1/chat/completions", #"{"model":"nope"}"#, 404,
            #"{"error":{"message":"model 'nope' not found","type":"not_found_error","param":null,"code":null}}"#),
        Case(
            "/v1/embeddings", #"{"model":"nope"}"#, 404,
            #"{"error":{"message":"model \"nope\" not found, try pulling it first","#
                + #""type":"not_found_error","param":null,"code":null}}"#),
        Case(
            "/v1/embeddings", "{}", 404,
            #"{"error":{"message":"model '' not found","type":"not_found_error","param":null,"code":null}}"#),
        Case(
            "/v1/chat/completions", #"{"model":7}"#, 400,
            #"{"error":{"message":"json: cannot unmarshal number into Go struct field ChatCompletionRequest.model of type string","#
                + #""type":"invalid_request_error","param":null,"code":null}}"#),
    ])
    func refusals(_ test: Case) async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        for _ in 0..<2 {
            // Twice on one connection: a refusal does not cost it.
            try client.send(post(test.path, test.body))
            let response = try await client.response()
            #expect(response.status == test.status)
            #expect(response.body == test.text)
            #expect(response["content-type"]?.hasPrefix("application/json") == true)
        }
        #expect(await eventually { peer.traces.ends.count == 2 })
        #expect(peer.traces.ends.allSatisfy { $0.status == .rejected && $0.httpStatus == test.status })
        #expect(engine.requests.isEmpty)
        await peer.stop()
    }

    @Test func anErrorForAnthropicsClientsHasAnID() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(post("/v1/messages", #"{"model":"nope"}"#))
        let answer = try await client.response().body
        #expect(
            try /^\{"type":"error","error":\{.*\},"request_id":"req_[0-9a-f]{24}"\}$/.wholeMatch(in: answer) != nil, "\(answer)")
        await peer.stop()
    }

    @Test func tooLargeBodiesAreRefusedBeforeAndWhileTheyCome() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine) { $0.maximumBodyBytes = 1_000 }
        let declared = try peer.client()
        try declared.send("POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\nExpect: 100-continue\r\n\r\n")
        #expect(try await declared.response().status == 413)
        let growing = try peer.client()
        try growing.send("POST /api/chat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<3 { try growing.send(ScriptedUpstream.Connection.chunked(String(repeating: " ", count: 600))) }
        try growing.send("0\r\n\r\n")
        let response = try await growing.response()
        #expect(response.status == 413)
        #expect(response.body == #"{"error":"the request body is larger than 1000 bytes"}"#)
        #expect(try await growing.isClosed())
        await peer.stop()
    }

    @Test func allBodiesTogetherAreBounded() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine) { $0.maximumBufferedBytes = 3_000 }
        let client = try peer.client()
        try client.send(post("/api/chat", #"{"model":"tiny","x":""# + String(repeating: "x", count: 5_000) + #""}"#))
        let response = try await client.response()
        #expect(response.status == 503)
        #expect(response["retry-after"] != nil)
        let next = try peer.client()
        try next.send(post("/api/chat", Lines.plain))
        #expect(try await next.response().status == 200)
        await peer.stop()
    }

    @Test func hostsAndOrigins() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine) { configuration in
            configuration.access.checksHost = true
            configuration.access.origins.append("https://*.example")
        }
        func status(_ host: String, _ origin: String?) async throws -> (Int, String?) {
            let client = try peer.client()
            let line = origin.map { "Origin: \($0)\r\n" } ?? ""
            try client.send(
                "POST /api/chat HTTP/1.1\r\nHost: \(host)\r\n\(line)Content-Length: \(Lines.plain.utf8.count)\r\n\r\n"
                    + Lines.plain)
            let response = try await client.response()
            if response.status == 403 { #expect(response.body.isEmpty) }
            return (response.status, response["access-control-allow-origin"])
        }
        #expect(try await status("evil.test", nil).0 == 403)
        #expect(try await status("localhost:11435", nil).0 == 200)
        #expect(try await status("192.168.1.9", nil).0 == 200)
        #expect(try await status("box.local", nil).0 == 200)
        #expect(try await status("[::1]:11435", nil).0 == 200)
        #expect(try await status("localhost", "http://evil.test").0 == 403)
        #expect(try await status("localhost", "http://localhost.evil.test").0 == 403)
        #expect(try await status("localhost", "chrome-extension://abc").0 == 403)
        #expect(try await status("localhost", "http://127.0.0.1:8080") == (200, "http://127.0.0.1:8080"))
        #expect(try await status("localhost", "https://a.example") == (200, "https://a.example"))
        #expect(try await status("box.local:11435", "http://box.local:11435") == (200, "http://box.local:11435"))
        await peer.stop()
    }

    @Test func otherPathsWithoutAnotherLane() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send("GET /api/tags HTTP/1.1\r\nHost: x\r\n\r\nGET /api/chat HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try await client.response().body == "404 page not found")
        #expect(try await client.response().status == 404)
        try client.send(post("/api/chat", Lines.plain))
        #expect(try await client.response().status == 200)
        await peer.stop()
    }
}
