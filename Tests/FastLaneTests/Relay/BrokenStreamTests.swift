import FastLane
import Gossip
import Routing
import Testing

/// Streams that do not end as they should: the client is told in its own dialect, and never sees a success that was none.
@Suite struct BrokenStreamTests {
    @Test func anEngineThatDiesWithinNDJSON() async throws {
        let engine = try await ScriptedUpstream { request, connection in
            guard request.number == 1 else { return connection.answer("{}") }
            connection.begin()
            connection.chunk(Lines.token("a"))
            // A torn chunk: the client must not see it.
            connection.send("40\r\n{\"model\":\"ti")
            connection.close()
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.chat))
        let response = try await client.response()
        #expect(response.status == 200)
        let error = #"{"error":"an error was encountered while running the model: node h1 failed"#
        #expect(response.body.hasPrefix(Lines.token("a") + error))
        #expect(response.body.hasSuffix("\"}\n"))
        #expect(!response.body.contains(text: "\"done\":true"))
        #expect(await eventually { peer.traces.ends.first?.status == .failed })
        // The connection is whole.
        try client.send(post("/api/chat", Lines.plain))
        #expect(try await client.response().status == 200)
        #expect(peer.state.load.inFlight == 0)
        await peer.stop()
    }

    @Test func anEngineThatDiesWithinEvents() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.begin("text/event-stream")
            connection.chunk("data: {\"a\":1}\n")
            connection.close()
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(post("/v1/chat/completions", #"{"model":"tiny","stream":true}"#))
        let body = try await client.response().body
        #expect(body.hasPrefix("data: {\"a\":1}\n\n\ndata: {\"error\":{\"message\":"))
        #expect(body.hasSuffix("}\n\n"))
        #expect(!body.contains(text: "[DONE]"))
        await peer.stop()
    }

    @Test(arguments: ["application/x-ndjson", "text/event-stream"])
    func aCleanEndWithoutTheMarkerIsIncomplete(_ type: String) async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.begin(type)
            connection.chunk(type == "text/event-stream" ? "data: {}\n\n" : Lines.token("a"))
            connection.end()
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(post("/v1/chat/completions", #"{"model":"tiny","stream":true}"#))
        let body = try await client.response().body
        #expect(body.contains(text: "without its final message"))
        #expect(await eventually { peer.traces.ends.first?.status == .incomplete })
        #expect(peer.state.counters.failed == 1 && peer.state.counters.completed == 0)
        await peer.stop()
    }

    @Test func theEnginesOwnErrorIsNotDoubled() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.begin()
            connection.chunk(Lines.token("a"))
            connection.chunk("{\"error\":\"runner died\"}\n")
            connection.end()
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.chat))
        #expect(try await client.response().body == Lines.token("a") + "{\"error\":\"runner died\"}\n")
        #expect(await eventually { peer.traces.ends.first?.status == .failed })
        await peer.stop()
    }

    @Test func wholeAnswersCutShortCloseTheConnection() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"half\":")
            connection.close()
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.plain))
        let all = try await client.readToEnd()
        #expect(all.hasSuffix("{\"half\":"))
        #expect(await eventually { peer.traces.ends.first?.status == .failed })
        await peer.stop()
    }

    @Test func silentEnginesAreGivenUp() async throws {
        let engine = try await ScriptedUpstream { request, connection in
            connection.begin()
            connection.chunk(Lines.token("a"))
        }
        let peer = try await TestPeer(alone: "h1", engine: engine) { $0.streamIdle = .milliseconds(150) }
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.chat))
        let body = try await client.response().body
        #expect(body.contains(text: "sent nothing for too long"))
        #expect(await eventually { engine.openConnections == 0 })
        await peer.stop()
    }

    @Test func oldClientsAreToldToo() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.begin()
            connection.chunk(Lines.token("a"))
            connection.close()
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.chat, version: "1.0"))
        let all = try await client.readToEnd()
        #expect(all.contains(text: Lines.token("a") + "{\"error\":"))
        await peer.stop()
    }
}
