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
        let response = try client.response()
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
}
