import DemoEngine
import FastLane
import Gossip
import HTTPStub
import NIOCore
import NIOPosix
import Routing
import Testing

/// Defects of NOMYO Router that concern faces and routes, by their numbers in nomyo-compat §12. N6, N10 and N16 to N18 of other
/// rooms are tested there; N26 is D4 of ollama-herd, N33 is with client keys.
@Suite struct NomyoDefectTests {
    @Test func defectN2TheLastLineComesByteForByte() async throws {
        let engine = try HTTPStub { _ in Wire.stream("application/x-ndjson", [Wire.token, Wire.last]) }
        let peer = try await FacePeer.alone(engine.port)
        #expect(try await peer.ask("POST", "/api/chat", json: Wire.chat).text == Wire.token + Wire.last)
        await peer.stop()
    }

    @Test(arguments: ["/api/chat", "/api/generate", "/api/pull"]) func defectN3OllamasRoutesStreamUnlessTold(path: String)
        async throws
    {
        let engine = try await DemoEngine.start()
        let peer = try await FacePeer.alone(engine.port)
        let body = #"{"model":"tiny","prompt":"hi","messages":[{"role":"user","content":"hi"}]}"#
        let answer = try await peer.ask("POST", path, json: body)
        #expect(answer.status == 200 && answer["content-type"] == "application/x-ndjson")
        #expect(answer.text.split(separator: "\n").count > 1)
        await peer.stop()
        await engine.stop()
    }

    /// The same words and status, whatever the route.
    @Test(arguments: ["/api/chat", "/v1/chat/completions", "/v1/rerank", "/v1/audio/speech", "/v1/images/generations"])
    func defectN4TheEnginesErrorIsPassedOn(path: String) async throws {
        let words = #"{"error":{"message":"out of memory"}}"#
        let engine = try HTTPStub { _ in .json(words, status: 500) }
        let peer = try await FacePeer.alone(engine.port, kind: path == "/api/chat" ? .ollama : .openai)
        let answer = try await peer.ask("POST", path, json: Wire.whole)
        #expect(answer.status == 500 && answer.text == words)
        await peer.stop()
    }

    @Test func defectN5AnUnknownModelIsNotFoundInTheRoutesDialect() async throws {
        let peer = try await FacePeer.alone(1)
        let paths =
            SpecRoutes.withBody.map(\.1).filter { $0.hasPrefix("/v1/") || $0.hasSuffix("rerank") } + ["/api/chat", "/api/embed"]
        for path in paths where path != "/v1/messages/count_tokens" && path != "/v1/audio/transcriptions" {
            let body = #"{"model":"nope","max_tokens":1,"input":"x","messages":[{"role":"user","content":"x"}]}"#
            let answer = try await peer.ask("POST", path, json: body)
            let form =
                path == "/v1/messages"
                ? #"{"type":"error","error":{"type":"not_found_error""#
                : path.hasPrefix("/api/") ? #"{"error":"model"# : #"{"error":{"message":"model"#
            #expect(answer.status == 404 && answer.text.hasPrefix(form), "\(path): \(answer.status) \(answer.text)")
        }
        let headers = [("Content-Type", "multipart/form-data; boundary=b")]
        let form = Array(SpecRoutes.form.replacing("tiny", with: "nope").utf8)
        for path in ["/v1/audio/transcriptions", "/v1/audio/translations", "/v1/images/edits", "/api/transcribe"] {
            #expect(try await peer.ask("POST", path, headers: headers, body: form).status == 404)
        }
        await peer.stop()
    }

    @Test func defectN7AModelOnADeadNodeIsUnavailable() async throws {
        let peer = try await FacePeer("desk", number: 1)
        var lost = MemberView(id: PeerID(short: 9, low: 9), name: "lost", status: .unreachable)
        lost.models = peer.member(models: ["tiny:latest"]).models
        peer.see([peer.member(kind: nil), lost])
        for path in ["/api/chat", "/v1/chat/completions", "/v1/messages"] {
            let answer = try await peer.ask("POST", path, json: Wire.whole)
            #expect(answer.status == 503 && answer["retry-after"] != nil && answer.text.contains("lost unreachable"))
        }
        await peer.stop()
    }

    @Test func defectN9NoSlotLeaksWithABadPicture() async throws {
        let engine = try HTTPStub { _ in .json(#"{"error":{"message":"bad image"}}"#, status: 400) }
        let peer = try await FacePeer.alone(engine.port, kind: .openai)
        let body = #"{"model":"tiny","messages":[{"role":"user","content":"x","images":["***"]}]}"#
        for _ in 0..<6 { #expect(try await peer.ask("POST", "/api/chat", json: body).status == 400) }
        #expect(await eventually { peer.state.load.inFlight == 0 && peer.state.counters.models.allSatisfy { $0.inFlight == 0 } })
        await peer.stop()
    }

    @Test func defectN11AFinishReasonInAnEmptyChunkIsPassedOn() async throws {
        let last = #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"timings":{"prompt_n":1}}"# + "\n\n"
        let engine = try HTTPStub { _ in Wire.stream("text/event-stream", [last, "data: [DONE]\n\n"]) }
        let peer = try await FacePeer.alone(engine.port, kind: .llamacpp)
        let body = #"{"model":"tiny:latest","stream":true,"messages":[]}"#
        #expect(try await peer.ask("POST", "/v1/chat/completions", json: body).text == last + "data: [DONE]\n\n")
        await peer.stop()
    }

    @Test(arguments: [BackendKind.ollama, .vllm, .llamacpp]) func defectN12NoFieldIsDropped(kind: BackendKind) async throws {
        let engine = try HTTPStub { _ in .json("{}") }
        let peer = try await FacePeer.alone(engine.port, kind: kind)
        let fields =
            #""tool_choice":"none","n":2,"user":"u","reasoning_effort":"low","min_p":0.5,"parallel_tool_calls":true,"#
            + #""logit_bias":{"1":2},"of_tomorrow":{"deep":[null,1.50]}"#
        let body = #"{"model":"tiny:latest",\#(fields),"messages":[]}"#
        #expect(try await peer.ask("POST", "/v1/chat/completions", json: body).status == 200)
        #expect(engine.log.last?.body == body)
        await peer.stop()
    }

    @Test func defectN18ConnectionsAreUsedAgain() async throws {
        let engine = try HTTPStub { _ in .json("{}") }
        let peer = try await FacePeer.alone(engine.port) { $0.upstreamIdleLimit = 4 }
        let port = peer.ports.client
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port).get()
        let one = "POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: \(Wire.whole.utf8.count)\r\n\r\n\(Wire.whole)"
        for _ in 0..<5 { try await channel.writeAndFlush(ByteBuffer(string: one)) }
        #expect(await eventually { engine.log.count == 5 })
        #expect(engine.opened == 1)
        try await channel.close()
        await peer.stop()
    }

    @Test func defectN19AnEmptyPromptLoadsItsModel() async throws {
        let engine = try await DemoEngine.start()
        let peer = try await FacePeer.alone(engine.port)
        let loaded = try await peer.ask("POST", "/api/generate", json: #"{"model":"tiny"}"#)
        #expect(loaded.status == 200 && loaded.text.contains(#""done_reason":"load""#))
        await peer.stop()
        await engine.stop()
    }

    @Test func defectN20AllVectorsOfOpenAIsEnginesComeBack() async throws {
        let engine = try HTTPStub { _ in
            .json(#"{"data":[{"index":1,"embedding":[0,1]},{"index":0,"embedding":[1,0]}],"usage":{"prompt_tokens":2}}"#)
        }
        let peer = try await FacePeer.alone(engine.port, kind: .openai)
        let answer = try await peer.ask("POST", "/api/embed", json: #"{"model":"tiny","input":["a","b"]}"#)
        #expect(answer.status == 200 && answer.text.contains(#""embeddings":[[1,0],[0,1]]"#), "\(answer.text)")
        await peer.stop()
    }

    @Test(arguments: ["/api/pull", "/api/create"]) func defectN21ProgressIsStreamed(path: String) async throws {
        let engine = try await DemoEngine.start(
            configuration: {
                var configuration = DemoEngineConfiguration()
                configuration.tokenDelay = .milliseconds(20)
                return configuration
            }())
        let peer = try await FacePeer.alone(engine.port)
        let answer = try await peer.ask("POST", path, json: #"{"model":"tiny","from":"tiny"}"#)
        let lines = answer.text.split(separator: "\n")
        #expect(lines.count >= 5 && lines.allSatisfy { $0.hasPrefix(#"{"status":"#) } && answer["x-fleet-node"] == "desk")
        await peer.stop()
        await engine.stop()
    }

    @Test func defectN28UsageIsNotAskedOfAnswersThatDoNotStream() async throws {
        let choice = #"{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}"#
        let engine = try HTTPStub { _ in .json(#"{"choices":[\#(choice)]}"#) }
        let peer = try await FacePeer.alone(engine.port, kind: .vllm)
        for path in ["/api/chat", "/v1/chat/completions", "/v1/messages"] {
            let body = #"{"model":"tiny","stream":false,"max_tokens":5,"messages":[{"role":"user","content":"x"}]}"#
            #expect(try await peer.ask("POST", path, json: body).status == 200)
            #expect(engine.log.last?.body.contains("stream_options") == false)
        }
        await peer.stop()
    }

    @Test func defectN29AnswersAreRelayedByteForByte() async throws {
        let answer = "{ \"model\":\"tiny\",\n \"message\" : {\"content\":\"\\u003c\\/\"},\"done\":true,\"x\":1.50e0 }"
        let engine = try HTTPStub { _ in .json(answer) }
        let peer = try await FacePeer.alone(engine.port)
        #expect(try await peer.ask("POST", "/api/chat", json: Wire.whole).text == answer)
        await peer.stop()
    }

    @Test func defectN30NoConversationIsCutInSilence() async throws {
        let words =
            #"{"error":{"code":400,"message":"exceeds the available context size","type":"exceed_context_size_error","n_ctx":8}}"#
        let engine = try HTTPStub { _ in .json(words, status: 400) }
        let peer = try await FacePeer.alone(engine.port, kind: .llamacpp)
        let body = #"{"model":"tiny:latest","messages":[{"role":"user","content":"one"},{"role":"user","content":"two"}]}"#
        let answer = try await peer.ask("POST", "/v1/chat/completions", json: body)
        #expect(answer.status == 400 && answer.text == words && engine.log.map(\.body) == [body])
        await peer.stop()
    }
}
