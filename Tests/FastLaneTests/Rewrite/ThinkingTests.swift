import FastLane
import Gossip
import Routing
import Testing

/// Room for thoughts, `keep_alive`, and the fleet's own fields; the engine sees the very bytes.
@Suite struct ThinkingTests {
    private static let thought =
        #"{"model":"tiny","message":{"role":"assistant","thinking":"abcdef","content":"gh"},"done":true,"#
        + #""done_reason":"stop","eval_count":40}"#

    private func peer(
        can: [String] = ["completion", "thinking"], answer: String = Self.thought,
        configure: (inout LaneConfiguration) -> Void = { _ in }
    ) async throws -> (TestPeer, ScriptedUpstream) {
        let engine = try await ScriptedUpstream { _, connection in connection.answer(answer) }
        let peer = try await TestPeer(alone: "h1", engine: engine, configure: configure)
        peer.see([peer.member { $0.models?.available[0].capabilities = can }], number: 2)
        return (peer, engine)
    }

    private func ask(_ peer: TestPeer, _ body: String, _ path: String = "/api/chat") async throws -> RawClient.Response {
        let client = try peer.client()
        try client.send(post(path, body))
        return try await client.response()
    }

    @Test(arguments: [
        ("/api/chat", #"{"model":"tiny","options":{"num_predict":100}}"#, #"{"model":"tiny","options":{"num_predict":1024}}"#),
        (
            "/api/generate", #"{"model":"tiny","options":{"num_predict":1000}}"#,
            #"{"model":"tiny","options":{"num_predict":4000}}"#
        ),
        ("/v1/chat/completions", #"{"max_tokens":100,"model":"tiny"}"#, #"{"max_tokens":1024,"model":"tiny"}"#),
        ("/v1/completions", #"{"max_tokens":100,"model":"tiny"}"#, #"{"max_tokens":1024,"model":"tiny"}"#),
        ("/api/chat", #"{"model":"tiny","think":false,"options":{"num_predict":100}}"#, nil),
        ("/api/chat", #"{"options":{"num_predict":100},"model":"tiny","think":false}"#, nil),
        ("/v1/chat/completions", #"{"max_tokens":100,"model":"tiny","reasoning_effort":"none"}"#, nil),
        ("/api/chat", #"{"model":"tiny","options":{"num_predict":-1}}"#, nil),
        ("/api/chat", #"{"model":"tiny","options":{"num_predict":"100"}}"#, nil),
        // These limits count thoughts by their own definition.
        ("/v1/messages", #"{"model":"tiny","max_tokens":100,"messages":[]}"#, nil),
        ("/v1/chat/completions", #"{"model":"tiny","max_completion_tokens":100}"#, nil),
        ("/api/chat", #"{"model":"tiny","max_tokens":100}"#, nil),
    ])
    func limits(_ path: String, _ body: String, _ sent: String?) async throws {
        let (peer, engine) = try await peer()
        peer.use(engine.port, version: "0.30.0")
        let response = try await ask(peer, body, path)
        #expect(engine.requests.last?.body == sent ?? body)
        #expect((response["x-fleet-rewrites"] != nil) == (sent != nil))
        await peer.stop()
    }

    @Test func onlyThinkingModelsAndOnlyWhenItIsOn() async throws {
        let body = #"{"model":"tiny","options":{"num_predict":100}}"#
        let (plain, engine) = try await peer(can: ["completion"])
        _ = try await ask(plain, body)
        #expect(engine.requests.last?.body == body)
        let (off, other) = try await peer { $0.rewrites.thinking.overhead = 1 }
        let response = try await ask(off, body)
        #expect(other.requests.last?.body == body && response["x-budget-used"] == nil)
        for peer in [plain, off] { await peer.stop() }
    }

    /// An engine that does not list what its models can do.
    @Test func namesTellWhereTheEngineDoesNot() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine, kind: .vllm, models: ["org/gpt-oss-20b", "org/llama"])
        _ = try await ask(peer, #"{"model":"org/gpt-oss-20b","max_tokens":10}"#, "/v1/chat/completions")
        #expect(engine.requests.last?.body == #"{"model":"org/gpt-oss-20b","max_tokens":1024}"#)
        _ = try await ask(peer, #"{"model":"org/llama","max_tokens":10}"#, "/v1/chat/completions")
        #expect(engine.requests.last?.body == #"{"model":"org/llama","max_tokens":10}"#)
        await peer.stop()
    }

    /// The raised limit goes through a translation too.
    @Test func anEngineOfAnotherDialectGetsTheRaisedLimit() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.answer(#"{"choices":[{"message":{"role":"assistant","content":"a"},"finish_reason":"stop"}]}"#)
        }
        let peer = try await TestPeer(alone: "h1", engine: engine, kind: .vllm, models: ["gpt-oss"])
        let body =
            #"{"model":"gpt-oss","stream":false,"messages":[{"role":"user","content":"a"}],"#
            + #""options":{"num_predict":10},"fallback_models":["a"]}"#
        let response = try await ask(peer, body)
        #expect(response.status == 200)
        #expect(engine.requests.last?.body.contains(text: "1024") == true)
        #expect(engine.requests.last?.body.contains(text: "fallback_models") == false)
        await peer.stop()
    }

    @Test func theUseOfTheLimitIsInTheHead() async throws {
        let (peer, _) = try await peer()
        let whole = #"{"model":"tiny","stream":false,"options":{"num_predict":100}}"#
        let response = try await ask(peer, whole)
        #expect(response.body == Self.thought)
        #expect(response["content-length"] == "\(Self.thought.utf8.count)")
        #expect(response["x-thinking-tokens"] == "30")
        #expect(response["x-output-tokens"] == "10")
        #expect(response["x-done-reason"] == "stop")
        #expect(response["x-budget-used"] == "40/1024")
        #expect(response["x-fleet-rewrites"] == "num_predict=100>1024")
        #expect(await eventually { peer.traces.ends.first?.status == .completed })
        await peer.stop()
    }

    /// However the engine frames and cuts its answer; larger ones go on as they come.
    @Test func aHeldAnswerIsTheSameInPieces() async throws {
        let long = #"{"thinking":"\#(String(repeating: "a", count: 300 << 10))","eval_count":40}"#
        let engine = try await ScriptedUpstream { request, connection in
            connection.begin("application/json")
            let text = Array((request.number == 1 ? Self.thought : long).utf8)
            var at = 0
            while at < text.count {
                let end = min(text.count, at + (request.number == 1 ? 7 : 60_000))
                connection.chunk(String(decoding: text[at..<end], as: UTF8.self))
                at = end
            }
            connection.end()
        }
        let peer = try await TestPeer(alone: "h1", engine: engine, models: ["gpt-oss"])
        let body = #"{"model":"gpt-oss","stream":false,"options":{"num_predict":100}}"#
        let first = try await ask(peer, body)
        #expect(first.body == Self.thought && first["x-thinking-tokens"] == "30" && first["transfer-encoding"] == nil)
        let second = try await ask(peer, body)
        #expect(second.body == long && second["x-thinking-tokens"] == nil)
        #expect(await eventually { peer.traces.ends.map(\.status) == [.completed, .completed] })
        await peer.stop()
    }

    /// Nothing was said yet, so another machine can still answer.
    @Test func aHeldAnswerThatBreaksIsTriedElsewhere() async throws {
        let broken = try await ScriptedUpstream { _, connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"a\":")
            connection.close()
        }
        let whole = try await ScriptedUpstream { _, connection in connection.answer(Self.thought) }
        let entry = try await TestPeer("h1")
        var targets: [TestPeer] = []
        for (number, engine) in [(2, broken), (3, whole)] {
            let target = try await TestPeer("h\(number)", number: UInt64(number))
            target.use(engine.port, models: ["gpt-oss"])
            target.see([target.member(models: ["gpt-oss"])])
            targets.append(target)
        }
        var me = MemberView(id: entry.id, name: entry.name, status: .alive)
        me.hot = HotReport()
        entry.see([me, targets[0].member(models: ["gpt-oss"]), targets[1].member(models: ["gpt-oss"], hot: false)])
        let response = try await ask(entry, #"{"model":"gpt-oss","stream":false,"options":{"num_predict":100}}"#)
        #expect(response.status == 200 && response.body == Self.thought)
        #expect(response["x-fleet-node"] == "h3" && response["x-fleet-retries"] == "1")
        #expect(response["x-budget-used"] == "40/1024")
        for peer in [entry] + targets { await peer.stop() }
    }

    @Test func streamsAreNotHeld() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.begin()
            connection.chunk(Lines.token("a"))
        }
        let peer = try await TestPeer(alone: "h1", engine: engine, models: ["gpt-oss"])
        let client = try peer.client()
        try client.send(post("/api/chat", #"{"model":"gpt-oss","options":{"num_predict":100}}"#))
        try await client.read(until: Lines.token("a"))
        client.close()
        await peer.stop()
    }

    @Test(arguments: [
        (nil, #"{"model":"tiny"}"#, nil),
        ("-1", #"{"model":"tiny"}"#, #"{"keep_alive":-1,"model":"tiny"}"#),
        ("\"10m\"", #"{"model":"tiny","keep_alive": null }"#, #"{"model":"tiny","keep_alive": "10m" }"#),
        ("-1", #"{"model":"tiny","keep_alive":0}"#, nil),
        ("-1", #"{"model":"tiny","keep_alive":"5m"}"#, nil),
    ])
    func keepAliveIsTheClientsUnlessItIsSet(_ set: String?, _ body: String, _ sent: String?) async throws {
        let (peer, engine) = try await peer { $0.rewrites.keepAlive = set }
        let response = try await ask(peer, body)
        #expect(engine.requests.last?.body == sent ?? body)
        #expect(response["x-fleet-rewrites"] == (sent == nil ? nil : "keep_alive=>\(set ?? "")"))
        // Ollama's OpenAI face does not know it.
        _ = try await ask(peer, #"{"model":"tiny"}"#, "/v1/chat/completions")
        #expect(engine.requests.last?.body == #"{"model":"tiny"}"#)
        await peer.stop()
    }

    /// All at once, in one body.
    @Test func everythingTogether() async throws {
        let (peer, engine) = try await peer { $0.rewrites.keepAlive = "300" }
        let body =
            #"{"fallback_models":["tiny"],"options":{"num_predict":9,"num_ctx":100},"metadata":{"tags":["a"]},"model":"gone"}"#
        let response = try await ask(peer, body)
        #expect(
            engine.requests.last?.body
                == #"{"keep_alive":300,"options":{"num_predict":1024,"num_ctx":4096},"model":"tiny:latest"}"#)
        #expect(response["x-fleet-fallback"] == "true")
        #expect(
            response["x-fleet-rewrites"] == "num_ctx=100>4096, num_predict=9>1024, keep_alive=>300, fleet_fields=2>0")
        #expect(await eventually { peer.traces.ends.first?.tags == ["a"] })
        await peer.stop()
    }

    @Test func itCanAllBeSwitchedOff() async throws {
        let (peer, engine) = try await peer { $0.rewrites = .none }
        let body =
            #"{"fallback_models":["b"],"options":{"num_predict":9,"num_ctx":100},"metadata":{"tags":["a"]},"model":"tiny"}"#
        #expect(try await ask(peer, body)["x-fleet-rewrites"] == nil)
        #expect(engine.requests.last?.body == body)
        await peer.stop()
    }

    /// D6: what is not named above reaches the engine, and its answer the client, to the byte.
    @Test func d6NothingElseIsLost() async throws {
        let answer =
            #"{"message":{"role":"assistant","content":"","thinking":"t","tool_calls":[{"function":{"name":"f"}}]},"done":true}"#
        let (peer, engine) = try await peer(answer: answer)
        let body =
            #"{"model":"tiny","stream":false,"top_p":0.1,"stop":["x"],"seed":1,"response_format":{},"unknown":[{}],"#
            + #""options":{"num_predict":100,"mirostat":2},"format":"json","logprobs":true}"#
        let response = try await ask(peer, body)
        #expect(engine.requests.last?.body == body.replacing("100", with: "1024"))
        #expect(response.body == answer)
        await peer.stop()
    }
}
