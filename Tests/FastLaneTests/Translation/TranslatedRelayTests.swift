import FastLane
import Gossip
import Routing
import Testing

/// Engines that do not speak the client's dialect, through the real relay.
@Suite struct TranslatedRelayTests {
    private static let question = #"{"model":"tiny","messages":[{"role":"user","content":"hi"}]}"#
    private static let usage = #""usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}"#

    private static func event(_ delta: String, _ finish: String = "null") -> String {
        #"data: {"id":"x","object":"chat.completion.chunk","model":"tiny","choices":[{"index":0,"delta":\#(delta),"#
            + #""finish_reason":\#(finish)}]}"# + "\n\n"
    }

    private static let stream = [
        event(#"{"role":"assistant","content":null}"#), event(#"{"content":"Hel"}"#), event(#"{"content":"lo"}"#),
        event("{}", #""stop""#), #"data: {"id":"x","object":"chat.completion.chunk","choices":[],\#(usage)}"# + "\n\n",
        "data: [DONE]\n\n",
    ]

    /// An engine with OpenAI's routes; `pieces` of a stream go out one by one.
    private func openAI(_ pieces: [String] = stream, ends: Bool = true) async throws -> ScriptedUpstream {
        try await ScriptedUpstream { request, connection in
            guard request.body.contains(#""stream":true"#) else {
                connection.answer(
                    #"{"id":"x","object":"chat.completion","choices":[{"index":0,"finish_reason":"stop","message":"#
                        + #"{"role":"assistant","content":"Hello"}}],\#(Self.usage)}"#)
                return
            }
            connection.begin("text/event-stream")
            for piece in pieces { connection.chunk(piece) }
            if ends { connection.end() } else { connection.close() }
        }
    }

    @Test func anOllamaStreamOverAnOpenAIEngine() async throws {
        let engine = try await openAI()
        let peer = try await TestPeer(alone: "h1", engine: engine, kind: .llamacpp)
        let client = try peer.client()
        for turn in 1...2 {
            try client.send(post("/api/chat", Lines.chat))
            let response = try await client.response()
            #expect(response.status == 200 && response["content-type"] == "application/x-ndjson")
            #expect(response["x-fleet-translated"] == "llamacpp/v1/chat/completions" && response["x-fleet-node"] == "h1")
            let lines = response.body.split(separator: "\n")
            #expect(lines.count == 3 && lines.allSatisfy { $0.contains(#""model":"tiny""#) })
            #expect(lines[0].contains(#""content":"Hel""#) && lines[1].contains(#""content":"lo""#))
            #expect(lines[2].contains(#""done":true"#) && lines[2].contains(#""eval_count":3"#))
            #expect(await eventually { peer.traces.ends.count == turn })
        }
        #expect(engine.requests.allSatisfy { $0.head.hasPrefix("POST /v1/chat/completions HTTP/1.1") })
        #expect(engine.connectionsEver == 1, "the connection is kept")
        let end = try #require(peer.traces.ends.last)
        #expect(end.status == .completed && end.promptTokens == 9 && end.completionTokens == 3 && end.finishReason == "stop")
        #expect(end.originalFormat == "ollama" && end.backendKind == .llamacpp)
        #expect(peer.state.load.inFlight == 0)
        await peer.stop()
    }

    @Test func wholeAnswersHaveALength() async throws {
        let engine = try await openAI()
        let peer = try await TestPeer(alone: "h1", engine: engine, kind: .vllm)
        let client = try peer.client()
        try client.send(post("/api/chat", #"{"model":"tiny","stream":false,"messages":[{"role":"user","content":"hi"}]}"#))
        let ollama = try await client.response()
        #expect(ollama.status == 200 && ollama["content-length"] == "\(ollama.body.utf8.count)")
        #expect(ollama.body.contains(#""content":"Hello""#) && ollama.body.contains(#""done":true"#))
        try client.send(post("/v1/messages", #"{"model":"tiny","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}"#))
        let anthropic = try await client.response()
        #expect(anthropic.status == 200 && anthropic.body.contains(#""type":"message""#))
        #expect(anthropic.body.contains(#""text":"Hello""#) && anthropic.body.contains(#""output_tokens":3"#))
        try client.send(post("/v1/responses", #"{"model":"tiny","input":"hi"}"#))
        let responses = try await client.response()
        #expect(responses.status == 200 && responses.body.contains(#""object":"response""#))
        #expect(await eventually { peer.traces.ends.map(\.completionTokens) == [3, 3, 3] })
        #expect(peer.traces.ends.map(\.originalFormat) == ["ollama", "anthropic", "openai"])
        await peer.stop()
    }

    @Test func anAnthropicStreamOverTheHop() async throws {
        let engine = try await openAI()
        let entry = try await TestPeer("h1")
        let target = try await TestPeer("h2", number: 2)
        target.use(engine.port, kind: .llamacpp)
        target.see([target.member(kind: .llamacpp)])
        var me = MemberView(id: entry.id, name: entry.name, status: .alive)
        me.hot = HotReport()
        entry.see([me, target.member(kind: .llamacpp)])
        let client = try entry.client()
        let body = #"{"model":"tiny","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"hi"}]}"#
        try client.send(post("/v1/messages", body))
        let response = try await client.response()
        #expect(response.status == 200 && response["content-type"]?.hasPrefix("text/event-stream") == true)
        #expect(response.body.hasPrefix("event: message_start\n") && response.body.contains(#""text":"Hel""#))
        #expect(response.body.contains("event: message_stop\n") && response["x-fleet-node"] == "h2")
        #expect(await eventually { entry.traces.ends.first?.completionTokens == 3 })
        #expect(entry.traces.ends.first?.status == .completed && target.traces.executions.first?.status == .completed)
        await entry.stop()
        await target.stop()
    }

    /// A coding assistant asks for its vendor's model: the fleet's own answers, and the headers say so.
    @Test func aVendorsModelIsAnsweredByTheFleets() async throws {
        let engine = try await openAI()
        let peer = try await TestPeer(alone: "h1", engine: engine, kind: .llamacpp)
        let client = try peer.client()
        let body = #"{"model":"claude-sonnet-4-5","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}"#
        try client.send(post("/v1/messages", body))
        let served = try await client.response()
        #expect(served.status == 200 && served["x-fleet-fallback"] == "true" && served["x-fleet-served-model"] == "tiny:latest")
        #expect(served["x-fleet-requested-model"] == "claude-sonnet-4-5")
        #expect(engine.requests.first?.body.contains(#""model":"tiny:latest""#) == true)
        try client.send(post("/v1/messages", body, "X-Fleet-No-Fallback: 1\r\n"))
        #expect(try await client.response().status == 404)
        try client.send(post("/v1/chat/completions", body))
        #expect(try await client.response().status == 404, "clients of the other routes name the fleet's models")
        await peer.stop()
    }

    /// The engine dies within its stream: the client gets its own dialect's error event, and never a false end.
    @Test(arguments: [
        ("/api/chat", #"{"error":"#, #""done":true"#), ("/v1/messages", "event: error\n", "message_stop"),
        ("/v1/responses", "event: response.failed\n", "response.completed"),
    ])
    func aBrokenStreamEndsWithAnErrorEvent(_ path: String, _ sign: String, _ never: String) async throws {
        let engine = try await openAI(Array(Self.stream.prefix(2)), ends: false)
        let peer = try await TestPeer(alone: "h1", engine: engine, kind: .llamacpp)
        let client = try peer.client()
        let body =
            #"{"model":"tiny","stream":true,"max_tokens":9,"input":"hi","messages":[{"role":"user","content":"hi"}]}"#
        try client.send(post(path, body))
        let response = try await client.response()
        #expect(response.status == 200 && response.body.contains("Hel"))
        #expect(response.body.contains(sign) && !response.body.contains(never), "\(response.body)")
        #expect(await eventually { peer.traces.ends.first?.status == .failed })
        #expect(await eventually { peer.state.load.inFlight == 0 })
        await peer.stop()
    }

    /// Before its first byte a broken engine is nothing that a client sees.
    @Test func anotherMachineIsTriedBeforeTheFirstByte() async throws {
        let broken = try await openAI([], ends: false)
        let whole = try await openAI()
        let entry = try await TestPeer("h1")
        let targets = [try await TestPeer("h2", number: 2), try await TestPeer("h3", number: 3)]
        for (target, engine) in zip(targets, [broken, whole]) {
            target.use(engine.port, kind: .llamacpp)
            target.see([target.member(kind: .llamacpp)])
        }
        var me = MemberView(id: entry.id, name: entry.name, status: .alive)
        me.hot = HotReport()
        // The broken one is preferred: the other has not loaded the model.
        entry.see([me, targets[0].member(kind: .llamacpp), targets[1].member(kind: .llamacpp, hot: false)])
        let client = try entry.client()
        try client.send(post("/api/chat", Lines.chat))
        let response = try await client.response()
        #expect(response.status == 200 && response["x-fleet-node"] == "h3" && response["x-fleet-retries"] == "1")
        #expect(response.body.contains(#""done":true"#))
        for peer in [entry] + targets { await peer.stop() }
    }

    /// The count of an attempt that failed must not hide that of the one that served.
    @Test func tokensAreThoseOfTheEngineThatServed() async throws {
        let broken = try await openAI([], ends: false)
        let ollama = try await ScriptedUpstream { _, connection in
            connection.begin()
            connection.chunk(Lines.token("a"))
            connection.chunk(Lines.last)
            connection.end()
        }
        let entry = try await TestPeer("h1")
        entry.use(broken.port, kind: .llamacpp)
        let target = try await TestPeer("h2", number: 2)
        target.use(ollama.port)
        target.see([target.member()])
        entry.see([entry.member(kind: .llamacpp), target.member(hot: false)])
        let client = try entry.client()
        try client.send(post("/api/chat", Lines.chat))
        let response = try await client.response()
        #expect(response.status == 200 && response["x-fleet-node"] == "h2" && response["x-fleet-retries"] == "1")
        #expect(await eventually { entry.traces.ends.first?.completionTokens == 3 })
        await entry.stop()
        await target.stop()
    }

    @Test func anErrorOfTheEngineKeepsItsStatusAndGetsTheClientsForm() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.answer(
                #"{"error":{"code":400,"message":"too long a prompt","type":"exceed_context_size_error"}}"#,
                status: "400 Bad Request")
        }
        let peer = try await TestPeer(alone: "h1", engine: engine, kind: .llamacpp)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.chat))
        let ollama = try await client.response()
        #expect(ollama.status == 400 && ollama.body == #"{"error":"too long a prompt"}"#)
        try client.send(post("/v1/messages", #"{"model":"tiny","max_tokens":1,"messages":[{"role":"user","content":"x"}]}"#))
        let anthropic = try await client.response()
        #expect(anthropic.status == 400)
        #expect(anthropic.body.contains(#""type":"invalid_request_error","message":"too long a prompt""#))
        await peer.stop()
    }

    @Test func aServersErrorIsToldInTheClientsForm() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.answer(#"{"error":{"message":"out of memory"}}"#, status: "500 Internal Server Error")
        }
        let peer = try await TestPeer(alone: "h1", engine: engine, kind: .llamacpp)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.chat))
        let response = try await client.response()
        #expect(response.status == 500 && response.body == #"{"error":"out of memory"}"#)
        await peer.stop()
    }

    /// What the client does wrong is told at once and tried nowhere else, also over the hop.
    @Test(arguments: [0, 1]) func aBadRequestIsTheClients(_ hops: Int) async throws {
        let engine = try await openAI()
        let target = try await TestPeer(alone: "h2", engine: engine, kind: .llamacpp)
        let client = try hops == 0 ? target.client() : target.meshClient()
        let headers = hops == 0 ? "" : "X-Herd-Fleet: secret\r\nX-Herd-Hop: 1\r\n"
        try client.send(post("/v1/messages", #"{"model":"tiny","messages":[{"role":"user","content":"hi"}]}"#, headers))
        let response = try await client.response()
        #expect(response.status == 400 && response.body.contains("max_tokens"), "\(response.body)")
        #expect(response["x-herd-refused"] == nil && engine.requests.isEmpty)
        #expect(await eventually { target.state.load.inFlight == 0 })
        await target.stop()
    }

    /// One engine has no word for a part of the request, the other has.
    @Test func whatOneEngineCannotCarryGoesToAnother() async throws {
        let llama = try await openAI()
        let ollama = try await ScriptedUpstream { _, connection in
            connection.answer(#"{"model":"tiny","created_at":"x","response":"b","done":true,"done_reason":"stop"}"#)
        }
        let entry = try await TestPeer("h1")
        let targets = [try await TestPeer("h2", number: 2), try await TestPeer("h3", number: 3)]
        targets[0].use(llama.port, kind: .llamacpp)
        targets[0].see([targets[0].member(kind: .llamacpp)])
        targets[1].use(ollama.port)
        targets[1].see([targets[1].member()])
        var me = MemberView(id: entry.id, name: entry.name, status: .alive)
        me.hot = HotReport()
        let body = #"{"model":"tiny","prompt":"a","suffix":"c","stream":false}"#
        let client = try entry.client()
        entry.see([me, targets[0].member(kind: .llamacpp), targets[1].member(hot: false)])
        try client.send(post("/api/generate", body))
        let served = try await client.response()
        #expect(served.status == 200 && served["x-fleet-node"] == "h3", "\(served.body)")
        // Alone, the one that cannot says why.
        entry.see([me, targets[0].member(kind: .llamacpp)], number: 2)
        try client.send(post("/api/generate", body))
        let refused = try await client.response()
        #expect(refused.status == 400 && refused.body.contains("suffix"), "\(refused.body)")
        for peer in [entry] + targets { await peer.stop() }
    }

    @Test func tokensAreCountedWithoutAnEngine() async throws {
        let peer = try await TestPeer("h1")
        peer.see([])
        let client = try peer.client()
        try client.send(post("/v1/messages/count_tokens", #"{"model":"any","messages":[{"role":"user","content":"12345678"}]}"#))
        let counted = try await client.response()
        #expect(counted.status == 200 && counted.body == #"{"input_tokens":6}"#)
        try client.send(post("/v1/messages/count_tokens", #"{"model":"any"}"#))
        let refused = try await client.response()
        #expect(refused.status == 400 && refused.body.contains("invalid_request_error"))
        await peer.stop()
    }

    /// From 0.14 Ollama speaks Anthropic's messages and OpenAI's responses itself; before, they are translated.
    @Test(arguments: [("0.13.9", "/api/chat"), ("", "/api/chat"), ("0.14.0", "/v1/messages"), ("1.0", "/v1/messages")])
    func ollamaIsAskedInItsOwnWords(_ version: String, _ path: String) async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.answer(#"{"model":"tiny","message":{"role":"assistant","content":"x"},"done":true,"done_reason":"stop"}"#)
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        peer.use(engine.port, version: version)
        let client = try peer.client()
        try client.send(post("/v1/messages", #"{"model":"tiny","max_tokens":4,"messages":[{"role":"user","content":"hi"}]}"#))
        #expect(try await client.response().status == 200)
        #expect(engine.requests.map { String($0.head.split(separator: " ")[1]) } == [path])
        await peer.stop()
    }

    /// Long bodies are read on another thread: nothing else changes.
    @Test func aLongBodyIsTranslatedToo() async throws {
        let engine = try await openAI()
        let peer = try await TestPeer(alone: "h1", engine: engine, kind: .llamacpp)
        let client = try peer.client()
        let text = String(repeating: "long ", count: 40_000)
        try client.send(post("/api/chat", #"{"model":"tiny","messages":[{"role":"user","content":"\#(text)"}]}"#))
        let response = try await client.response()
        #expect(response.status == 200 && response.body.contains(#""done":true"#))
        #expect(engine.requests.first?.body.utf8.count ?? 0 > 200_000)
        // A client that leaves while its body is read leaves nothing behind.
        let leaver = try peer.client()
        try leaver.send(post("/api/chat", #"{"model":"tiny","messages":[{"role":"user","content":"\#(text)"}]}"#))
        leaver.close()
        #expect(await eventually { peer.state.load.inFlight == 0 && peer.state.counters.active == 0 })
        await peer.stop()
    }
}
