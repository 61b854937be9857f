import Gossip
import NIOCore
import Synchronization
import Testing

@testable import FastLane

/// Answers that are given again, and to whom not.
@Suite struct AnswerCacheTests {
    private static let chat = #"{"model":"tiny","nomyo":{"cache":true},"messages":[{"role":"user","content":"hi"}]}"#

    /// Each answer of the engine is another one.
    private func peer(_ type: String = "application/x-ndjson", body: @escaping @Sendable (Int) -> String) async throws
        -> (TestPeer, ScriptedUpstream)
    {
        let engine = try await ScriptedUpstream { request, connection in
            connection.begin(type)
            connection.chunk(body(request.number))
            connection.end()
        }
        let peer = try await TestPeer(alone: "h1", engine: engine) {
            $0.cache = AnswerCache(bytes: 1 << 20, life: .seconds(60))
        }
        return (peer, engine)
    }

    private func ask(_ peer: TestPeer, _ body: String, _ path: String = "/api/chat") async throws -> RawClient.Response {
        let client = try peer.client()
        try client.send(post(path, body))
        return try await client.response()
    }

    @Test func theSameRequestGetsTheSameBytes() async throws {
        let (peer, engine) = try await peer { Lines.token("answer \($0)") + Lines.last }
        let first = try await ask(peer, Self.chat)
        #expect(first["x-fleet-cache"] == "miss")
        #expect(await eventually { peer.state.configuration.cache?.figures.entries == 1 })
        let second = try await ask(peer, Self.chat)
        #expect(second.status == 200 && second["x-fleet-cache"] == "hit" && second["x-fleet-node"] == "h1")
        #expect(second.body == first.body && first.body.contains(text: "answer 1"))
        #expect(second["content-type"] == first["content-type"])
        #expect(engine.requests.count == 1)
        // The field is the fleet's, not the engine's.
        #expect(engine.requests[0].body == #"{"model":"tiny","messages":[{"role":"user","content":"hi"}]}"#)
        #expect(await eventually { peer.traces.ends.count == 2 })
        let hit = try #require(peer.traces.ends.last)
        #expect(hit.status == .completed && hit.tries.map(\.verdict) == ["cached"] && hit.completionTokens == nil)
        await peer.stop()
    }

    /// N14: what differs in anything is another request, whatever was said last.
    @Test(arguments: [
        #"{"model":"tiny","nomyo":{"cache":true},"messages":[{"role":"system","content":"x"},{"role":"user","content":"hi"}]}"#,
        #"{"model":"tiny","nomyo":{"cache":true},"options":{"temperature":0},"messages":[{"role":"user","content":"hi"}]}"#,
        #"{"model":"tiny","nomyo":{"cache":false},"messages":[{"role":"user","content":"hi"}]}"#,
        #"{"model":"tiny","nomyo":true,"messages":[{"role":"user","content":"hi"}]}"#,
        #"{"model":"tiny","messages":[{"role":"user","content":"hi"}]}"#,
    ])
    func anotherRequestGetsAnAnswerOfItsOwn_N14(_ other: String) async throws {
        let (peer, engine) = try await peer { Lines.token("answer \($0)") + Lines.last }
        _ = try await ask(peer, Self.chat)
        #expect(await eventually { peer.state.configuration.cache?.figures.entries == 1 })
        let answer = try await ask(peer, other)
        #expect(answer["x-fleet-cache"] != "hit" && answer.body.contains(text: "answer 2"))
        #expect(engine.requests.count == 2)
        await peer.stop()
    }

    /// The same bytes to another route are another question.
    @Test func pathsDoNotMix() async throws {
        let (peer, engine) = try await peer { _ in Lines.last }
        _ = try await ask(peer, Self.chat)
        #expect(await eventually { peer.state.configuration.cache?.figures.entries == 1 })
        #expect(try await ask(peer, Self.chat, "/api/chat?x=1")["x-fleet-cache"] == "miss")
        #expect(engine.requests.count == 2)
        await peer.stop()
    }

    /// An answer without its end, an error, and a stream with tools are not kept.
    @Test(arguments: ["broken", "error", "tools"])
    func whatIsNotWorthKeepingIsNotKept(_ kind: String) async throws {
        let (peer, engine) = try await peer { _ in
            kind == "broken" ? Lines.token("a") : kind == "error" ? "{\"error\":\"no\"}\n" : Lines.last
        }
        let body =
            kind == "tools"
            ? #"{"model":"tiny","nomyo":{"cache":true},"tools":[{"type":"function"}],"messages":[]}"# : Self.chat
        for _ in 0..<2 {
            let client = try peer.client()
            try client.send(post("/api/chat", body))
            _ = try? await client.response()
        }
        #expect(await eventually { engine.requests.count == 2 && peer.traces.ends.count == 2 })
        #expect(peer.state.configuration.cache?.figures.entries == 0)
        await peer.stop()
    }

    @Test func withoutACacheTheFieldChangesNothing() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{\"done\":true}") }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        for _ in 0..<2 { #expect(try await ask(peer, Self.chat)["x-fleet-cache"] == nil) }
        #expect(engine.requests.count == 2)
        await peer.stop()
    }

    // MARK: The cache by itself

    private func key(_ name: String, client: String = "") -> AnswerCache.Key {
        AnswerCache.Key(client: client, target: "/api/chat", body: ByteBuffer(string: name))
    }

    private func answer(_ bytes: Int) -> AnswerCache.Answer {
        AnswerCache.Answer(
            lines: ByteBuffer(), framing: .chunked, body: ByteBuffer(repeating: 0x61, count: bytes), node: "", model: "")
    }

    @Test func theOneUsedLongestAgoGoesFirst() {
        let cache = AnswerCache(bytes: 40_000, life: .seconds(60))
        for name in ["a", "b", "c"] { cache.keep(answer(10_000), for: key(name)) }
        #expect(cache.answer(to: key("a")) != nil)
        cache.keep(answer(10_000), for: key("d"))
        #expect(cache.figures.entries == 3 && cache.figures.bytes <= 40_000)
        #expect(cache.answer(to: key("b")) == nil)
        #expect(cache.answer(to: key("a")) != nil && cache.answer(to: key("d")) != nil)
        // Larger than all of it: nothing else has to go.
        cache.keep(answer(40_000), for: key("e"))
        #expect(cache.figures.entries == 3)
        cache.clear()
        #expect(cache.figures.entries == 0 && cache.figures.bytes == 0 && cache.figures.hits == 3)
        #expect(cache.answer(to: key("a")) == nil)
    }

    @Test func nothingIsGoodForEver() {
        let cache = AnswerCache(bytes: 40_000, life: .seconds(60))
        let start = NIODeadline.uptimeNanoseconds(1)
        cache.keep(answer(1), for: key("a"), now: start)
        #expect(cache.answer(to: key("a"), now: start + .seconds(59)) != nil)
        #expect(cache.answer(to: key("a"), now: start + .seconds(60)) == nil)
        #expect(cache.figures.entries == 0 && cache.figures.bytes == 0)
    }

    @Test func keysOfClientsDoNotMix() {
        let cache = AnswerCache(bytes: 40_000, life: .seconds(60))
        cache.keep(answer(1), for: key("a", client: "alice"))
        #expect(cache.answer(to: key("a", client: "bob")) == nil)
        #expect(cache.answer(to: key("a")) == nil)
        #expect(cache.answer(to: key("a", client: "alice")) != nil)
    }

    @Test func theSameAnswerTwiceCountsOnce() {
        let cache = AnswerCache(bytes: 40_000, life: .seconds(60))
        for _ in 0..<3 { cache.keep(answer(1_000), for: key("a")) }
        #expect(cache.figures.entries == 1 && cache.figures.bytes < 2_000)
    }
}
