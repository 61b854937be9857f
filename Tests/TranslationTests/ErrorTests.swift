import Testing

@testable import Translation

/// What clients are told of engines that refuse, fail or fall silent.
@Suite struct ErrorTests {
    static let asks: [(ClientRoute, String)] = [
        (.ollamaChat, #"{"model":"m","messages":[{"role":"user","content":"x"}]}"#),
        (.anthropicMessages, #"{"model":"m","max_tokens":3,"messages":[{"role":"user","content":"x"}],"stream":true}"#),
        (.openaiResponses, #"{"model":"m","input":"x","stream":true}"#),
    ]

    @Test func refusalsKeepTheirStatusAndWords() throws {
        let golden = try Golden("llamacpp/v1-chat-context-overflow")
        let words = "request (9016 tokens) exceeds the available context size (8192 tokens), try increasing it"
        let ollama = try Exchange().run(Self.asks[0].1, golden)
        #expect(ollama.head == TranslatedHead(status: 400, contentType: "application/json; charset=utf-8", streams: false))
        #expect(ollama.text == #"{"error":"\#(words)"}"#)
        let anthropic = try Exchange(route: .anthropicMessages).run(Self.asks[1].1, golden).json
        #expect(anthropic["error"]?.text == #"{"type":"invalid_request_error","message":"\#(words)"}"#)
        #expect(anthropic["type"]?.string == "error" && anthropic["request_id"]?.string?.hasPrefix("req_") == true)
        let responses = try Exchange(route: .openaiResponses).run(Self.asks[2].1, golden).json
        #expect(responses["error"]?["type"]?.string == "exceed_context_size_error")
        #expect(responses["error"]?["n_ctx"]?.integer == 8192)
    }

    @Test func ollamasRefusalsForOthers() throws {
        let overflow = try Golden("ollama/err-chat-context-overflow")
        let exchange = Exchange(route: .anthropicMessages, engine: .ollama)
        let json = try exchange.run(Self.asks[1].1, overflow).json
        #expect(json["error"]?["message"]?.string?.hasPrefix("request (3016 tokens) exceeds") == true)
        let unknown = try exchange.run(Self.asks[1].1, Golden("ollama/err-chat-unknown"))
        #expect(unknown.head.status == 404)
        #expect(try unknown.json["error"] == Golden("ollama/v1-messages-unknown").json["error"])
        let unknownResponse = try Exchange(route: .openaiResponses, engine: .ollama)
            .run(Self.asks[2].1, Golden("ollama/err-chat-unknown")).json
        #expect(try unknownResponse == Golden("ollama/v1-responses-unknown").json)
    }

    @Test(arguments: [
        (401, "authentication_error"), (403, "permission_error"), (404, "not_found_error"), (413, "request_too_large"),
        (422, "invalid_request_error"), (429, "rate_limit_error"), (500, "api_error"), (503, "overloaded_error"),
        (529, "overloaded_error"),
    ]) func anthropicsTypes(status: Int, type: String) throws {
        let outcome = try Exchange(route: .anthropicMessages).run(Self.asks[1].1, whole: "nope", status: status)
        #expect(outcome.head.status == status)
        #expect(try outcome.json["error"]?.text == #"{"type":"\#(type)","message":"nope"}"#)
    }

    @Test(arguments: [
        (#"{"error":{"message":"m","type":"t","code":7}}"#, "m"), (#"{"error":"m"}"#, "m"),
        (#"{"object":"error","message":"m","code":400}"#, "m"), (#"{"detail":"m"}"#, "m"),
        (#"{"detail":[{"loc":1}]}"#, #"[{"loc":1}]"#),
        (#"{"error":{}}"#, "{}"), (#"{"error":7}"#, "7"), ("  plain words\n", "plain words"),
        ("", "the engine answered with status 400 and no words"), ("{", "{"),
    ]) func everyShapeOfErrorIsRead(body: String, message: String) throws {
        #expect(try Exchange().run(Self.asks[0].1, whole: body, status: 400).json["error"]?.string == message)
    }

    @Test(arguments: [0, 1, 2]) func errorsWithinAStreamAreToldApart(which: Int) throws {
        let (route, ask) = Self.asks[which]
        let first = #"{"choices":[{"index":0,"delta":{"content":"a"}}]}"#
        let error = #"{"error":{"code":503,"message":"gone","type":"unavailable_error"}}"#
        let early = try Exchange(route: route).run(ask, chunks: [error], done: false)
        #expect(early.bytes.isEmpty)
        #expect(early.failure == TranslationError(kind: .engineFailed, status: 503, message: "gone"))
        let late = try Exchange(route: route).run(ask, chunks: [first, error], done: false)
        #expect(!late.bytes.isEmpty && late.failure?.message == "gone" && !late.isComplete)
    }

    @Test func abortsAreInTheClientsDialect() throws {
        func abort(_ which: Int) throws -> String {
            var translator = Translator(route: Self.asks[which].0, engine: .vllm, context: Exchange().context)
            _ = try translator.request(Array(Self.asks[which].1.utf8))
            _ = translator.response(status: 200, contentType: "text/event-stream")
            return String(decoding: translator.abort(.endedEarly, elapsed: .zero), as: UTF8.self)
        }
        #expect(try abort(0) == #"{"error":"the engine's answer ended before it was complete"}"# + "\n")
        let event = "event: error\n" + #"data: {"type":"error","error":{"type":"api_error","message":"#
        #expect(try abort(1).hasPrefix(event))
        #expect(try abort(2).contains("event: response.failed\n"))
    }

    @Test(arguments: [0, 1, 2]) func anAnswerWithoutItsMarkerIsNeverComplete(which: Int) throws {
        let golden = try Golden("llamacpp/v1-chat-stream-usage")
        let end = golden.answer.count - "data: [DONE]\n\n".utf8.count
        for cut in 0...end where cut % 7 == 0 || cut == end {
            let outcome = try Exchange(route: Self.asks[which].0).run(
                Array(Self.asks[which].1.utf8), contentType: golden.contentType, answer: Array(golden.answer[..<cut]))
            #expect(outcome.failure != nil && !outcome.isComplete)
        }
        // A runner that dies leaves a stream without a reason.
        let chunk = #"{"choices":[{"index":0,"delta":{},"finish_reason":null}],"model":""}"#
        #expect(try Exchange(route: Self.asks[which].0).run(Self.asks[which].1, chunks: [chunk]).failure == .endedEarly)
        let ollama = try Exchange(route: .anthropicMessages, engine: .ollama).run(
            Array(Self.asks[1].1.utf8), contentType: "application/x-ndjson",
            answer: Array("{\"message\":{\"content\":\"a\"},\"done\":false}\n{\"error\":\"unexpected EOF\"}\n".utf8))
        #expect(ollama.failure?.message == "unexpected EOF")
    }

    @Test func nonsenseIsNamed() throws {
        func failure(
            _ answer: String, type: String = "text/event-stream", engine: EngineDialect = .vllm
        ) throws -> TranslationError? {
            let (route, ask) = Self.asks[1]
            return try Exchange(route: route, engine: engine).run(
                Array(ask.utf8), contentType: type, answer: Array(answer.utf8)
            ).failure
        }
        #expect(
            try failure("data: {\n\n")
                == .badAnswer("the engine sent an event that is not JSON: it ends too early (byte 1)"))
        #expect(
            try failure("{", type: "application/json")
                == .badAnswer("the engine's answer is not JSON: it ends too early (byte 1)"))
        #expect(try failure("{}", type: "application/json") == .badAnswer("the engine's answer has no `choices`"))
        #expect(
            try failure("<\n", type: "application/x-ndjson", engine: .ollama)
                == .badAnswer("the engine sent a line that is not JSON: a value was expected (byte 0)"))
        #expect(
            try failure("[]\n", type: "application/x-ndjson", engine: .ollama)
                == .badAnswer("the engine sent a line that is a list, not an object"))
        #expect(
            try failure(#"data: {"choices":[{"delta":{"tool_calls":[{"index":0}]}}]}"# + "\n\n")
                == .badAnswer("the engine sent a tool call without a name"))
        #expect(try failure("") == .endedEarly)
    }

    @Test func afterAFailureNothingFollows() throws {
        var translator = Translator(route: .ollamaChat, engine: .vllm, context: Exchange().context)
        let pieces = (0..<2).map { _ in translator.feed([1], elapsed: .zero) }
        #expect(pieces[0].failure?.kind == .badAnswer && pieces[1] == TranslatedPiece())
        let last = translator.finish(elapsed: .zero)
        #expect(last.failure == .endedEarly)
        var done = Translator(route: .ollamaChat, engine: .vllm, context: Exchange().context)
        _ = try done.request(Array(Self.asks[0].1.utf8))
        _ = done.response(status: 200, contentType: "text/event-stream")
        let end = #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n"
        let first = done.feed(Array(end.utf8), elapsed: .zero)
        #expect(!first.bytes.isEmpty && done.isComplete)
        let more = [done.feed(Array(end.utf8), elapsed: .zero), done.finish(elapsed: .zero)]
        #expect(more == [TranslatedPiece(), TranslatedPiece()])
    }

    @Test func largeAnswersAreRefusedNotKept() throws {
        var limits = TranslationLimits()
        limits.maximumArgumentBytes = 50
        limits.maximumCalls = 2
        limits.maximumKeptBytes = 60
        limits.maximumWholeBytes = 200
        let long = String(repeating: "x", count: 40)
        func chunk(_ index: Int, _ arguments: String) -> String {
            #"{"choices":[{"delta":{"tool_calls":[{"index":\#(index),"function":{"name":"n","arguments":"\#(arguments)"}}]}}]}"#
        }
        for (route, ask) in Self.asks {
            let exchange = Exchange(route: route, limits: limits)
            let arguments = try exchange.run(ask, chunks: [chunk(0, long), chunk(0, long)])
            #expect(arguments.failure == .tooLarge("the arguments of a tool call are longer than 50 bytes"))
            let calls = try exchange.run(ask, chunks: [chunk(0, ""), chunk(1, ""), chunk(2, "")])
            #expect(calls.failure == .tooLarge("the engine's answer has more than 2 tool calls"))
            let whole = try exchange.run(ask, whole: String(repeating: " ", count: 201))
            #expect(whole.failure == .tooLarge("the engine's answer is longer than 200 bytes"))
        }
        let text = #"{"choices":[{"index":0,"delta":{"content":"\#(long)"}}]}"#
        let kept = try Exchange(route: .openaiResponses, limits: limits).run(Self.asks[2].1, chunks: [text, text])
        #expect(kept.failure == .tooLarge("the engine's answer is longer than 60 bytes"))
        // Streams that keep nothing have no such end.
        let streamed = try Exchange(limits: limits).run(Self.asks[0].1, chunks: [text, text, text], done: false)
        #expect(streamed.failure == .endedEarly)
    }
}
