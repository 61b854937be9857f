import FastLane
import Gossip
import Routing
import Testing

/// What goes through unchanged.
@Suite struct VerbatimTests {
    @Test func ndjsonStreamIsRelayedByteForByte() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.begin()
            connection.chunk(Lines.token("a"))
            connection.chunk(Lines.token("b") + Lines.token("c"))
            connection.chunk(Lines.last)
            connection.end()
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.chat))
        let response = try await client.response()
        #expect(response.status == 200)
        #expect(response["content-type"] == "application/x-ndjson")
        #expect(response["x-fleet-node"] == "h1")
        #expect(response["x-fleet-retries"] == "0")
        #expect(response["x-fleet-served-model"] == "tiny")
        #expect(response["x-fleet-fallback"] == "false")
        #expect(response["x-fleet-backend"] == "ollama")
        let chunks = [Lines.token("a"), Lines.token("b") + Lines.token("c"), Lines.last]
        #expect(response.raw == chunks.map(ScriptedUpstream.Connection.chunked).joined() + "0\r\n\r\n")
        #expect(await eventually { peer.traces.ends.count == 1 })
        let row = try #require(peer.traces.ends.first)
        #expect(row.status == .completed)
        #expect(row.promptTokens == 7)
        #expect(row.completionTokens == 3)
        #expect(row.finishReason == "stop")
        #expect(row.nodeID == "h1")
        #expect(row.clientIP == "127.0.0.1")
        #expect(row.candidates.count == 1)
        #expect(engine.requests.first?.body == Lines.chat)
        #expect(peer.state.load.inFlight == 0)
        await peer.stop()
    }

    @Test func eventStreamIsRelayedByteForByte() async throws {
        let events = [#"data: {"choices":[{"delta":{"content":"a"}}]}"# + "\n\n", "data: [DONE]\n\n"]
        let engine = try await ScriptedUpstream { _, connection in
            connection.begin("text/event-stream")
            for event in events { connection.chunk(event) }
            connection.end()
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(post("/v1/chat/completions", #"{"model":"tiny","stream":true,"messages":[]}"#))
        let response = try await client.response()
        #expect(response["content-type"] == "text/event-stream")
        #expect(response.raw == events.map(ScriptedUpstream.Connection.chunked).joined() + "0\r\n\r\n")
        #expect(await eventually { peer.traces.ends.first?.status == .completed })
        #expect(peer.traces.ends.first?.originalFormat == "openai")
        await peer.stop()
    }

    @Test func wholeAnswersKeepTheirLengthAndTheConnection() async throws {
        let engine = try await ScriptedUpstream { request, connection in
            connection.answer(#"{"number":\#(request.number),"eval_count":5}"#, headers: "X-Own: yes\r\n")
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        for number in 1...20 {
            try client.send(post("/api/embed", #"{"model":"TINY","input":"x"}"#))
            let response = try await client.response()
            #expect(response.body == #"{"number":\#(number),"eval_count":5}"#)
            #expect(response["content-length"] == "\(response.body.utf8.count)")
            #expect(response["x-own"] == "yes")
            #expect(response["x-fleet-requested-model"] == "TINY")
            #expect(response["x-fleet-fallback"] == "false")
        }
        #expect(engine.connectionsEver == 1)
        #expect(engine.requests.last?.body == #"{"model":"TINY","input":"x"}"#)
        await peer.stop()
    }

    @Test func requestHeadersOfTheClientsHopStayBehind() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        let headers =
            "Authorization: Bearer x\r\nOrigin: http://localhost:3000\r\nAccept-Encoding: gzip\r\nX-Herd-Entry: liar\r\n"
            + "X-Custom: 1\r\nTE: trailers\r\n"
        try client.send(post("/api/chat?x=1", Lines.plain, headers))
        let response = try await client.response()
        #expect(response["access-control-allow-origin"] == "http://localhost:3000")
        #expect(response["vary"] == "Origin")
        let request = try #require(engine.requests.first)
        #expect(request.head.hasPrefix("POST /api/chat?x=1 HTTP/1.1\r\n"))
        #expect(request.header("host") == "127.0.0.1:\(engine.port)")
        #expect(request.header("authorization") == "Bearer x")
        #expect(request.header("x-custom") == "1")
        #expect(request.header("x-herd-hop") == "1")
        #expect(request.header("x-herd-path") == peer.id.hex)
        for name in ["origin", "accept-encoding", "te", "x-herd-entry", "x-herd-fleet"] { #expect(request.header(name) == nil) }
        await peer.stop()
    }

    /// A fallback's name goes into the body; engines other than Ollama get their own spelling; else not a byte changes.
    @Test func onlyTheModelIsChangedAndOnlyWhenItMust() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine, models: ["big:7b"])
        let client = try peer.client()
        try client.send(post("/api/chat", #"{ "a" : 1, "model" : "gone", "fallback_models":["big:7b"], "stream":false }"#))
        let response = try await client.response()
        #expect(response["x-fleet-fallback"] == "true")
        #expect(response["x-fleet-served-model"] == "big:7b")
        #expect(engine.requests.last?.body == #"{ "a" : 1, "model" : "big:7b", "stream":false }"#)
        try client.send(
            post("/api/chat", #"{"model":"gone","fallback_models":["big:7b"],"stream":false}"#, "X-Fleet-No-Fallback: yes\r\n"))
        #expect(try await client.response().status == 404)
        peer.use(engine.port, kind: .vllm, models: ["Org/Big"])
        peer.see([peer.member(kind: .vllm, models: ["Org/Big"])], number: 2)
        try client.send(post("/v1/chat/completions", #"{"model":"org/big","x":1}"#))
        #expect(try await client.response().status == 200)
        #expect(engine.requests.last?.body == #"{"model":"Org/Big","x":1}"#)
        await peer.stop()
    }
}
