import FastLane
import Gossip
import NIOCore
import Routing
import Testing

/// Requests are ended by what they do, not by how long they take.
@Suite struct ReaperTests {
    /// The engine takes the request and never says a word: its slot goes to the next.
    @Test func aSilentEngineLosesItsSlot() async throws {
        let engine = try await ScriptedUpstream { request, connection in
            if request.number > 1 { connection.answer("{}") }
        }
        let peer = try await TestPeer(alone: "h1", engine: engine, slots: 1) { $0.firstByteIdle = .seconds(4) }
        let stuck = try peer.client()
        try stuck.send(post("/api/chat", Lines.plain))
        #expect(await eventually { engine.requests.count == 1 })
        let next = try peer.client()
        try next.send(post("/api/chat", Lines.plain))
        #expect(try await stuck.response().status == 502)
        #expect(try await next.response().status == 200)
        let reaped = try #require(peer.state.reaped.last)
        #expect(reaped.node == "h1" && reaped.model == "tiny:latest" && !reaped.hadOutput)
        #expect(reaped.silentMilliseconds >= 4_000 && reaped.ageMilliseconds >= 3_500)
        #expect(peer.state.counters.reaped == 1)
        await peer.stop()
    }

    @Test func aStreamThatStopsIsEnded() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.begin()
            connection.chunk(Lines.token("a"))
        }
        let peer = try await TestPeer(alone: "h1", engine: engine, slots: 1) { $0.streamIdle = .milliseconds(300) }
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.chat))
        let response = try await client.response()
        #expect(response.body.contains(text: #""error":"#))
        #expect(await eventually { peer.state.load.inFlight == 0 })
        #expect(peer.state.reaped.last?.hadOutput == true)
        await peer.stop()
    }

    /// Much longer in all than the limit, with a word now and then.
    @Test func oneThatMakesProgressIsNeverEnded() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            Task {
                connection.begin()
                for _ in 0..<6 {
                    connection.chunk(Lines.token("a"))
                    try await Task.sleep(for: .milliseconds(1_100))
                }
                connection.chunk(Lines.last)
                connection.end()
            }
        }
        let peer = try await TestPeer(alone: "h1", engine: engine, slots: 1) {
            $0.streamIdle = .seconds(4)
            $0.firstByteIdle = .seconds(4)
        }
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.chat))
        #expect(try await client.response().body.hasSuffix(Lines.last))
        #expect(peer.state.reaped.isEmpty && peer.state.counters.completed == 1)
        await peer.stop()
    }
}
