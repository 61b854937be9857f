import Access
import FastLane
import Foundation
import Gossip
import Routing
import Testing

/// Limits of client keys, and keys over the hop between peers.
@Suite struct KeyLimitTests {
    private static func now() -> AccessTime { AccessTime(elapsed: .zero, unixSeconds: Int64(Date().timeIntervalSince1970)) }

    @Test func aPlaceIsFreeAgainHoweverTheRequestEnds() async throws {
        var keys = TestKeys()
        try keys.add("ci", [.infer], limits: KeyLimits(concurrency: 1))
        let id = try #require(keys.gate.ring.keys.first?.id)
        let engine = try await ScriptedUpstream { request, connection in
            switch request.number {
            case 1: connection.answer("{}")
            case 2: break
            case 3:
                connection.begin()
                connection.chunk(Lines.token("a"))
            case 4: connection.answer("{}", status: "400 Bad Request")
            default: connection.answer("{}")
            }
        }
        let gate = keys.gate
        let peer = try await TestPeer(alone: "h1", engine: engine, other: EchoLane()) { $0.gate = gate }
        let bearer = keys.bearer("ci")
        let running: @Sendable () -> Int = { gate.use(of: id, at: Self.now()).running }

        // Answered.
        var client = try peer.client()
        try client.send(post("/api/chat", Lines.plain, bearer))
        #expect(try await client.response().status == 200)
        #expect(running() == 0)
        // The client goes before the first byte; meanwhile there is no room for another.
        try client.send(post("/api/chat", Lines.plain, bearer))
        #expect(await eventually { engine.requests.count == 2 })
        let second = try peer.client()
        try second.send(post("/v1/chat/completions", Lines.plain, bearer))
        let refused = try await second.response()
        #expect(refused.status == 429 && refused["retry-after"] == "1")
        #expect(refused.body.contains("rate_limit_exceeded") && refused.body.contains("as many as it may"))
        client.close()
        #expect(await eventually { running() == 0 })
        // The client goes within the stream.
        client = try peer.client()
        try client.send(post("/api/chat", Lines.chat, bearer))
        try await client.read(until: Lines.token("a"))
        #expect(running() == 1)
        client.reset()
        #expect(await eventually { running() == 0 })
        // The engine refuses; the request is bad; the client goes within its body.
        client = try peer.client()
        try client.send(post("/api/chat", Lines.plain, bearer))
        #expect(try await client.response().status == 400)
        try client.send(post("/api/chat", "{bad", bearer))
        #expect(try await client.response().status == 400)
        #expect(running() == 0)
        try client.send("POST /api/chat HTTP/1.1\r\nHost: x\r\n\(bearer)Content-Length: 100\r\n\r\n{")
        #expect(await eventually { running() == 1 })
        client.close()
        #expect(await eventually { running() == 0 })
        await peer.stop()
    }

    @Test func theOtherLaneGivesPlacesBackToo() async throws {
        var keys = TestKeys()
        try keys.add("ci", [.infer], limits: KeyLimits(concurrency: 1))
        let id = try #require(keys.gate.ring.keys.first?.id)
        let gate = keys.gate
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine, other: EchoLane()) { $0.gate = gate }
        let bearer = keys.bearer("ci")
        let running: @Sendable () -> Int = { gate.use(of: id, at: Self.now()).running }
        let client = try peer.client()
        try client.send(post("/v1/threads", "{}", bearer))
        #expect(try await client.response().body == "other POST /v1/threads {}")
        #expect(await eventually { running() == 0 })
        try client.send("POST /v1/threads HTTP/1.1\r\nHost: x\r\n\(bearer)Content-Length: 100\r\n\r\n{")
        #expect(await eventually { running() == 1 })
        client.close()
        #expect(await eventually { running() == 0 })
        await peer.stop()
    }

    @Test func requestsOfAMinute() async throws {
        var keys = TestKeys()
        try keys.add("ci", [.infer], limits: KeyLimits(requestsPerMinute: 2))
        let gate = keys.gate
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine) { $0.gate = gate }
        let client = try peer.client()
        for _ in 0..<2 {
            try client.send(post("/api/chat", Lines.plain, keys.bearer("ci")))
            #expect(try await client.response().status == 200)
        }
        for (path, headers) in [("/api/chat", ""), ("/v1/chat/completions", ""), ("/v1/embeddings", "anthropic-version: 1\r\n")] {
            try client.send(post(path, Lines.plain, keys.bearer("ci") + headers))
            let refused = try await client.response()
            #expect(refused.status == 429)
            let seconds = try #require(refused["retry-after"].flatMap { Int($0) })
            #expect((1...30).contains(seconds))
            #expect(refused.body.contains("the key ci may send 2 requests a minute"))
            if !headers.isEmpty { #expect(refused.body.contains("rate_limit_error")) }
        }
        #expect(engine.requests.count == 2)
        await peer.stop()
    }

    /// Prompt and answer as the engine counted them, and an estimate where it did not or nobody waited for it.
    @Test func tokensOfADay() async throws {
        var keys = TestKeys()
        try keys.add("ci", [.infer], limits: KeyLimits(tokensPerDay: 400))
        let id = try #require(keys.gate.ring.keys.first?.id)
        let long = String(repeating: "x", count: 1_600)
        let engine = try await ScriptedUpstream { request, connection in
            switch request.number {
            case 1:
                connection.answer(#"{"message":{"content":"a"},"done":true,"prompt_eval_count":70,"eval_count":30}"#)
            case 2:
                connection.begin("text/event-stream")
                for _ in 0..<20 {
                    connection.chunk(
                        "data: {\"choices\":[{\"delta\":{\"content\":\"\(String(repeating: "y", count: 150))\"}}]}\n\n")
                }
                connection.chunk("data: [DONE]\n\n")
                connection.end()
            default:
                connection.begin()
                connection.chunk(Lines.token(long))
            }
        }
        let gate = keys.gate
        let peer = try await TestPeer(alone: "h1", engine: engine) { $0.gate = gate }
        let used: @Sendable () -> Int = { gate.use(of: id, at: Self.now()).tokensToday }
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.plain, keys.bearer("ci")))
        #expect(try await client.response().status == 200)
        #expect(used() == 100)
        try client.send(post("/v1/chat/completions", #"{"model":"tiny","stream":true,"messages":[]}"#, keys.bearer("ci")))
        #expect(try await client.response().status == 200)
        let estimated = used() - 100
        #expect((10...40).contains(estimated), "20 streamed tokens were taken for \(estimated)")
        // Who leaves before the count comes does not get it for nothing.
        let question = String(repeating: "word ", count: 200)
        let body = #"{"model":"tiny","messages":[{"role":"user","content":"\#(question)"}]}"#
        let hasty = try peer.client()
        try hasty.send(post("/api/chat", body, keys.bearer("ci")))
        try await hasty.read(until: long)
        hasty.close()
        #expect(await eventually { used() >= 100 + estimated + 250 })
        gate.restore(tokensToday: [(id, 200)], at: Self.now())
        try client.send(post("/api/chat", Lines.plain, keys.bearer("ci")))
        let refused = try await client.response()
        #expect(refused.status == 429 && refused.body.contains("400 tokens of this day"))
        #expect((1...86_400).contains(refused["retry-after"].flatMap { Int($0) } ?? 0))
        #expect(engine.requests.count == 3)
        await peer.stop()
    }

    @Test func keysAreAskedForAtTheEntryAlone() async throws {
        var keys = TestKeys()
        try keys.add("laptop", limits: KeyLimits(requestsPerMinute: 1))
        let (entryGate, targetGate) = (keys.gate, AccessGate())
        targetGate.take(entryGate.ring.keys.map { ($0.settingKey, $0.settingValue) })
        let engine = try await ScriptedUpstream { _, connection in connection.answer(#"{"done":true,"eval_count":3}"#) }
        let entry = try await TestPeer("h1") { $0.gate = entryGate }
        let target = try await TestPeer("h2", number: 2) { $0.gate = targetGate }
        target.use(engine.port)
        target.see([target.member()])
        TwoPeersTests.fleet(entry, [target])
        let client = try entry.client()
        try client.send(post("/api/chat", Lines.plain, keys.bearer("laptop")))
        let response = try await client.response()
        #expect(response.status == 200 && response["x-fleet-node"] == "h2")
        #expect(engine.requests.first?.header("authorization") == nil)
        #expect(await eventually { target.traces.executions.count == 1 })
        let id = try #require(targetGate.ring.keys.first?.id)
        #expect(targetGate.use(of: id, at: Self.now()) == KeyUse(), "the target counts nothing")
        #expect(target.traces.executions.first?.tags == [])
        // A key of the fleet is good at the other peer's client port as well, and only with the key.
        let other = try target.client()
        try other.send(post("/api/chat", Lines.plain, "X-Herd-Hop: 1\r\n"))
        #expect(try await other.response().status == 401)
        try other.send(post("/api/chat", Lines.plain, "X-Herd-Hop: 1\r\n" + keys.bearer("laptop")))
        #expect(try await other.response().status == 200)
        #expect(targetGate.use(of: id, at: Self.now()).tokensToday > 0, "pretending to be a peer spares nothing")
        await entry.stop()
        await target.stop()
    }
}
