import DemoEngine
import FastLane
import Gossip
import HTTPStub
import NIOCore
import NIOPosix
import Routing
import Testing

/// Defects of ollama-herd that concern faces and routes, by their numbers in herd-compat §7. D9 is with the rules, D12's fairness
/// with the lane's, D17 and D18 with the media routes.
@Suite struct HerdDefectTests {
    @Test func defectD4NoPictureIsFetched() async throws {
        let gallery = try HTTPStub { _ in .text("a picture") }
        let engine = try HTTPStub { _ in .json("{}") }
        let peer = try await FacePeer.alone(engine.port, kind: .vllm, models: ["eyes"])
        let part = #"{"type":"image_url","image_url":{"url":"\#(gallery.url)/cat.png"}}"#
        let body = #"{"model":"eyes","messages":[{"role":"user","content":[\#(part)]}]}"#
        #expect(try await peer.ask("POST", "/v1/chat/completions", json: body).status == 200)
        #expect(engine.log.last?.body == body)
        let source = #"{"type":"url","url":"\#(gallery.url)/cat.png"}"#
        let message =
            #"{"model":"eyes","max_tokens":5,"messages":[{"role":"user","content":[{"type":"image","source":\#(source)}]}]}"#
        #expect(try await peer.ask("POST", "/v1/messages", json: message).status >= 200)
        #expect(gallery.log.isEmpty)
        await peer.stop()
    }

    @Test func defectD6NothingIsLostOnTheWay() async throws {
        let call = #"{"function":{"name":"f","arguments":{"a":1}}}"#
        let message = #"{"role":"assistant","content":"c","thinking":"t","tool_calls":[\#(call)]}"#
        let answer = #"{"model":"tiny","message":\#(message),"done":true,"new_field":[1]}"#
        let chunk = #"data: {"id":"one","created":1,"choices":[{"delta":{"role":"assistant","reasoning":"r"}}]}"# + "\n\n"
        let events = [
            chunk, #"data: {"id":"one","created":1,"choices":[],"usage":{"prompt_tokens":1}}"# + "\n\n", "data: [DONE]\n\n",
        ]
        let engine = try HTTPStub { request in
            request.path == "/api/chat" ? .json(answer) : Wire.stream("text/event-stream", events)
        }
        let peer = try await FacePeer.alone(engine.port)
        #expect(try await peer.ask("POST", "/api/chat", json: Wire.whole).text == answer)
        let fields =
            #""top_p":0.1,"stop":["x"],"seed":3,"response_format":{"type":"json_object"},"max_completion_tokens":2,"n":1,"#
            + #""presence_penalty":1,"frequency_penalty":1,"reasoning_effort":"low","logprobs":true,"tool_choice":"auto","#
            + #""min_p":0.1,"parallel_tool_calls":false,"logit_bias":{},"user":"u","stream_options":{"include_usage":true}"#
        let body = #"{"model":"tiny","stream":true,\#(fields),"messages":[{"role":"user","content":"hi"}]}"#
        let streamed = try await peer.ask("POST", "/v1/chat/completions", json: body)
        #expect(engine.log.last?.body == body && streamed.text == events.joined())
        await peer.stop()
    }

    @Test(arguments: ["/api/chat", "/v1/chat/completions", "/v1/completions", "/api/generate"])
    func defectD7ErrorsOfEnginesAreShown(path: String) async throws {
        let words = #"{"error":{"message":"as is","type":"x"}}"#
        let engine = try HTTPStub { request in
            request.body.contains("broken")
                ? .broken(length: 500, body: #"{"done":true,"#)
                : .json(words, status: request.body.contains("bad") ? 422 : 500)
        }
        let peer = try await FacePeer.alone(engine.port)
        for (prompt, status) in [("bad", 422), ("worse", 500)] {
            let answer = try await peer.ask("POST", path, json: #"{"model":"tiny","stream":false,"prompt":"\#(prompt)"}"#)
            #expect(answer.status == status && answer.text == words && answer["connection"] == nil)
        }
        // An answer that was cut off is no answer: its connection breaks, so that nobody takes it for a whole one.
        await #expect(throws: FaceClient.Closed.self) {
            _ = try await peer.ask("POST", path, json: #"{"model":"tiny","stream":false,"prompt":"broken"}"#)
        }
        await peer.stop()
    }

    @Test func defectD7AStreamThatBreaksSaysSo() async throws {
        let engine = try HTTPStub { _ in Wire.stream("application/x-ndjson", [Wire.token], ends: false) }
        let peer = try await FacePeer.alone(engine.port)
        let answer = try await peer.ask("POST", "/api/chat", json: Wire.chat)
        let lines = answer.text.split(separator: "\n")
        #expect(lines.count == 2 && lines.last?.hasPrefix(#"{"error":"#) == true && !answer.text.contains(#""done":true"#))
        await peer.stop()
    }

    @Test func defectD8HeadersNameTheMachineThatServes() async throws {
        let bad = try HTTPStub { _ in .json("{}", status: 500) }
        let good = try HTTPStub { _ in .json(#"{"done":true}"#) }
        let near = try await FacePeer("near", number: 1)
        let far = try await FacePeer("far", number: 2)
        try near.use(bad.port, models: ["tiny:latest"])
        try far.use(good.port, models: ["tiny:latest"])
        var other = far.member(models: ["tiny:latest"])
        other.models?.loaded = []
        far.see([far.member(models: ["tiny:latest"])])
        near.see([near.member(models: ["tiny:latest"]), other])
        let answer = try await near.ask("POST", "/api/chat", json: Wire.whole)
        #expect(answer.status == 200 && answer["x-fleet-node"] == "far" && answer["x-fleet-retries"] == "1")
        #expect(near.state.load.inFlight == 0 && far.state.counters.forwardedHere == 1)
        for peer in [near, far] { await peer.stop() }
    }

    /// Also D10 of other stages: over the hop, before the first byte.
    @Test(arguments: ["/api/chat", "/v1/chat/completions", "/v1/audio/speech"])
    func defectD10WhoeverLeavesStopsTheEngine(path: String) async throws {
        let engine = try await SilentEngine()
        let near = try await FacePeer("near", number: 1)
        let far = try await FacePeer("far", number: 2)
        try far.use(engine.port, kind: .openai, models: ["tiny:latest"])
        let member = far.member(kind: .openai, models: ["tiny:latest"])
        far.see([member])
        near.see([near.member(kind: nil), member])
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: near.ports.client).get()
        let head = "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(Wire.whole.utf8.count)\r\n\r\n"
        try await channel.writeAndFlush(ByteBuffer(string: head + Wire.whole))
        #expect(try await engine.has(1))
        try await channel.close()
        #expect(try await engine.has(0))
        #expect(await eventually { far.state.load.inFlight == 0 && near.traces.ends.map(\.status) == [.clientDisconnected] })
        for peer in [near, far] { await peer.stop() }
        await engine.stop()
    }

    @Test func defectD11ATotalFailureIsOneRow() async throws {
        let engine = try HTTPStub { _ in .hangUp }
        let peer = try await FacePeer.alone(engine.port)
        for _ in 0..<3 { #expect(try await peer.ask("POST", "/api/chat", json: Wire.whole).status == 502) }
        #expect(await eventually { peer.traces.ends.map(\.status) == [.failed, .failed, .failed] })
        await peer.stop()
    }

    @Test func defectD12TheQueueIsBounded() async throws {
        let engine = try await SilentEngine()
        let peer = try await FacePeer.alone(engine.port) { $0.ticketQueueLimit = 0 }
        let running = (0..<12).map { _ in Task { try await peer.ask("POST", "/api/chat", json: Wire.whole) } }
        #expect(await eventually { peer.state.load.inFlight == 4 })
        #expect(await eventually { peer.state.counters.rejected > 0 })
        let full = try await peer.ask("POST", "/api/chat", json: Wire.whole)
        #expect(full.status == 503 && full["retry-after"] != nil && full.text.contains("queue is full"))
        await peer.stop()
        for task in running { _ = try? await task.value }
        await engine.stop()
    }

    @Test func defectD14BadInputIsTheClients() async throws {
        let peer = try await FacePeer.alone(1)
        for (method, path) in SpecRoutes.withBody {
            let answer = try await peer.ask(method, path, json: "{bad")
            #expect((400..<500).contains(answer.status), "\(path): \(answer.status) \(answer.text)")
            #expect(answer["connection"] == nil && answer.text.contains("{"), "\(path): \(answer.text)")
        }
        await peer.stop()
    }

    @Test func defectD15TheOldEmbeddingsHaveTheirOwnForm() async throws {
        let engine = try await DemoEngine.start()
        let peer = try await FacePeer.alone(
            engine.port, models: ["tiny-embed:latest"], capabilities: ["tiny-embed:latest": ["embedding"]])
        let old = try await peer.ask("POST", "/api/embeddings", json: #"{"model":"tiny-embed","prompt":"x"}"#)
        #expect(old.text.hasPrefix(#"{"embedding":["#))
        let new = try await peer.ask("POST", "/api/embed", json: #"{"model":"tiny-embed","input":"x"}"#)
        #expect(new.text.contains(#""embeddings":[["#))
        await peer.stop()
        await engine.stop()
    }

    @Test func defectD16AFullEngineIsNoBadGateway() async throws {
        let words = #"{"error":"server busy, please try again.  maximum pending requests exceeded"}"#
        let engine = try HTTPStub { _ in .json(words, status: 503) }
        let peer = try await FacePeer.alone(engine.port) {
            $0.ticketWait = .milliseconds(300)
            $0.pollPause = .milliseconds(50)...(.milliseconds(60))
        }
        let answer = try await peer.ask("POST", "/v1/chat/completions", json: Wire.whole)
        #expect(answer.status == 503 && answer["retry-after"] != nil && answer.text.contains("busy"))
        await peer.stop()
    }

    @Test func defectD21AWaitingRequestEndsWithItsClient() async throws {
        let peer = try await FacePeer("desk", number: 1) { $0.unavailableWait = .seconds(30) }
        var member = peer.member(models: ["tiny:latest"])
        member.hot?.draining = true
        try peer.use(1, models: ["tiny:latest"])
        peer.see([member])
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: peer.ports.client).get()
        let head = "POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: \(Wire.chat.utf8.count)\r\n\r\n"
        try await channel.writeAndFlush(ByteBuffer(string: head + Wire.chat))
        #expect(await eventually { peer.state.waitingCount == 1 })
        try await channel.close()
        #expect(await eventually { peer.state.waitingCount == 0 && peer.traces.ends.map(\.status) == [.clientDisconnected] })
        await peer.stop()
    }

    @Test(arguments: ["tiny", "TINY", "tiny:latest"]) func defectD24ANameIsTheSameWithItsTag(name: String) async throws {
        let engine = try HTTPStub { _ in .json("{}") }
        let peer = try await FacePeer.alone(engine.port)
        let answer = try await peer.ask("POST", "/v1/chat/completions", json: Wire.whole.replacing("tiny", with: name))
        #expect(answer.status == 200 && answer["x-fleet-fallback"] == "false")
        await peer.stop()
    }

    @Test func defectD29TokensAreCountedWithoutAnybody() async throws {
        let peer = try await FacePeer("alone", number: 1)
        let body = #"{"model":"any","max_tokens":5,"messages":[{"role":"user","content":"one two three four"}]}"#
        let answer = try await peer.ask("POST", "/v1/messages/count_tokens", json: body)
        #expect(answer.status == 200 && answer.text.hasPrefix(#"{"input_tokens":"#))
        await peer.stop()
    }
}
