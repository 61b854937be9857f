import Testing

@testable import Translation

/// Answers of OpenAI's dialect for clients of Ollama.
@Suite struct OllamaAnswerTests {
    private let ask = #"{"model":"asked","messages":[{"role":"user","content":"hi"}]}"#
    private let askWhole = #"{"model":"asked","messages":[{"role":"user","content":"hi"}],"stream":false}"#

    @Test func aWholeAnswerLooksLikeOllamas() throws {
        let outcome = try Exchange().run(askWhole, Golden("llamacpp/v1-chat"))
        let golden = try Golden("ollama/chat").json
        let json = try outcome.json
        #expect(outcome.isComplete && outcome.failure == nil)
        #expect(outcome.head == TranslatedHead(status: 200, contentType: "application/json; charset=utf-8", streams: false))
        #expect(json["message"] == golden["message"])
        #expect(json["model"]?.string == "asked")
        #expect(json.keys == golden.keys.filter { $0 != "load_duration" })
        #expect(json["prompt_eval_count"]?.integer == 18 && json["eval_count"]?.integer == 23)
        #expect(json["prompt_eval_duration"]?.integer == 280_000 && json["eval_duration"]?.integer == 2_317_000)
        #expect(json["total_duration"]?.integer == 250_000_000)
        #expect(json["created_at"]?.string == "2025-01-01T00:00:00.250000005Z")
        #expect(outcome.usage.prompt == 18 && outcome.usage.cached == 17 && outcome.finishReason == "stop")
    }

    @Test func aStreamLooksLikeOllamas() throws {
        let outcome = try Exchange().run(ask, Golden("llamacpp/v1-chat-stream-usage"))
        #expect(outcome.head == TranslatedHead(status: 200, contentType: "application/x-ndjson", streams: true))
        let lines = try outcome.lines
        #expect(lines.map { $0["message"]?["content"]?.string } == ["Hello", " from", " the", ""])
        #expect(lines.map { $0["done"]?.bool } == [false, false, false, true])
        #expect(lines[0].keys == ["model", "created_at", "message", "done"])
        #expect(lines[3]["done_reason"]?.string == "length")
        #expect(lines[3]["prompt_eval_count"]?.integer == 18 && lines[3]["eval_count"]?.integer == 3)
        #expect(lines[3]["eval_duration"]?.integer == 351_000)
        #expect(outcome.isComplete && outcome.finishReason == "length")
        // Ollama's own stream on OpenAI's route, too.
        let other = try Exchange(engine: .openai).run(ask, Golden("ollama/v1-chat-stream-usage"))
        #expect(try other.lines.map { $0["message"]?["content"]?.string } == ["Hello", " from", " the", ""])
    }

    @Test func countsComeFromTimingsWhereThereIsNoUsage() throws {
        let last = try #require(try Exchange().run(ask, Golden("llamacpp/v1-chat-stream")).lines.last)
        #expect(last["prompt_eval_count"]?.integer == 18 && last["eval_count"]?.integer == 3)
    }

    @Test(arguments: ["llamacpp/v1-chat-tools-stream", "ollama/v1-chat-tools-stream"])
    func toolCallsArriveWhole(name: String) throws {
        let lines = try Exchange().run(ask, Golden(name)).lines
        try #require(lines.count == 2)
        let call = lines[0]["message"]?["tool_calls"]?[0]
        #expect(call?["function"]?.text == #"{"index":0,"name":"get_weather","arguments":{"city":"Paris"}}"#)
        #expect(call?["id"]?.string?.isEmpty == false)
        #expect(lines[1]["done_reason"]?.string == "stop" && lines[1]["message"]?["tool_calls"] == nil)
    }

    @Test func toolCallsOfAWholeAnswer() throws {
        let json = try Exchange().run(askWhole, Golden("llamacpp/v1-chat-tools")).json
        let golden = try Golden("ollama/chat-tools").json
        #expect(json["message"]?["tool_calls"]?[0]?["function"] == golden["message"]?["tool_calls"]?[0]?["function"])
        #expect(json["message"]?["tool_calls"]?[0]?["id"]?.string == "n0GnsP65VcnaRWapPZfSXBL36mIHFzJC")
        #expect(json["done_reason"]?.string == "stop")
    }

    @Test(arguments: ["reasoning_content", "reasoning"]) func thinkingComesFirst(key: String) throws {
        let lines = try Exchange().run(
            ask,
            chunks: [
                #"{"choices":[{"index":0,"delta":{"role":"assistant","content":"","\#(key)":"hm"}}]}"#,
                #"{"choices":[{"index":0,"delta":{"content":"yes"}}]}"#,
                #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
            ]
        ).lines
        #expect(lines[0]["message"]?.text == #"{"role":"assistant","content":"","thinking":"hm"}"#)
        #expect(lines[1]["message"]?.text == #"{"role":"assistant","content":"yes"}"#)
        let golden = try Golden("ollama/v1-chat-think")
        let whole = try Exchange(engine: .openai).run(askWhole, golden).json
        #expect(whole["message"]?["thinking"]?.string == "first weigh every node then pick whichever looks coolest")
    }

    @Test func severalCallsAndSilentEnginesAreUnderstood() throws {
        // No index, no id: a name begins a call.
        let lines = try Exchange().run(
            ask,
            chunks: [
                #"{"choices":[{"delta":{"tool_calls":[{"function":{"name":"a","arguments":"{\"x\""}}]}}]}"#,
                #"{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":":1}"}}]}}]}"#,
                #"{"choices":[{"delta":{"tool_calls":[{"function":{"name":"b","arguments":{"y":2}}}]}}]}"#,
                #"{"choices":[{"delta":{"tool_calls":[{"function":{"name":"c"}}]}}]}"#,
                #"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#,
            ]
        ).lines
        let calls = try #require(lines[0]["message"]?["tool_calls"]?.array)
        #expect(
            calls.compactMap { $0["function"]?.text } == [
                #"{"index":0,"name":"a","arguments":{"x":1}}"#, #"{"index":1,"name":"b","arguments":{"y":2}}"#,
                #"{"index":2,"name":"c","arguments":{}}"#,
            ])
        #expect(Set(calls.compactMap { $0["id"]?.string }).count == 3)
    }

    @Test func aCallThatTheLengthCutOffIsLeftOut() throws {
        let chunk = #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"name":"a","arguments":"{\"x\":"}}]},"#
        let cut = try Exchange().run(ask, chunks: [chunk + #""finish_reason":"length"}]}"#])
        #expect(try cut.lines.count == 1)
        #expect(try cut.lines[0]["done_reason"]?.string == "length")
        let broken = try Exchange().run(ask, chunks: [chunk + #""finish_reason":"stop"}]}"#])
        #expect(broken.failure == .badAnswer("the arguments of the engine's call of `a` are not a JSON object"))
    }

    @Test func probabilitiesGoAlong() throws {
        let one = #"{"token":"Hi","logprob":-0.10,"bytes":[72,105],"top_logprobs":[]}"#
        let chunk = #"{"choices":[{"index":0,"delta":{"content":"Hi"},"logprobs":{"content":[\#(one)]},"finish_reason":"stop"}]}"#
        let lines = try Exchange().run(ask, chunks: [chunk]).lines
        #expect(lines[0]["logprobs"]?.text == "[\(one)]")
        #expect(lines[1]["logprobs"] == nil)
        let whole = #"{"choices":[{"message":{"content":"Hi"},"logprobs":{"content":[\#(one)]},"finish_reason":"stop"}]}"#
        #expect(try Exchange().run(askWhole, whole: whole).json["logprobs"]?.text == "[\(one)]")
    }

    @Test func generateHasItsOwnShape() throws {
        let exchange = Exchange(route: .ollamaGenerate, engine: .openai)
        let raw = #"{"model":"asked","prompt":"hi","raw":true}"#
        let lines = try exchange.run(raw, Golden("ollama/v1-completions-stream")).lines
        #expect(lines.map { $0["response"]?.string } == ["Hello", " from", " the", ""])
        #expect(lines.last?["prompt_eval_count"]?.integer == 18)
        let plain = #"{"model":"asked","prompt":"hi","raw":true,"stream":false}"#
        let whole = try exchange.run(plain, Golden("ollama/v1-completions"))
        let golden = try Golden("ollama/generate").json
        #expect(try whole.json["response"] == golden["response"])
        let think = try exchange.run(#"{"model":"asked","prompt":"hi","stream":false}"#, Golden("ollama/v1-chat-think")).json
        #expect(think["thinking"]?.string?.hasPrefix("first weigh") == true)
    }

    @Test func durationsAreMeasuredHereWhereTheEngineIsSilent() throws {
        var translator = Translator(
            route: .ollamaChat, engine: .vllm, context: TranslationContext(acceptedAtSeconds: 0, idSeed: 1))
        _ = try translator.request(Array(ask.utf8))
        _ = translator.response(status: 200, contentType: "text/event-stream; charset=utf-8")
        let text = #"data: {"choices":[{"index":0,"delta":{"content":"a"}}]}"# + "\n\n"
        _ = translator.feed(Array(text.utf8), elapsed: .milliseconds(40))
        let end = #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n"
        let last = try JSON.read(translator.feed(Array(end.utf8), elapsed: .milliseconds(100)).bytes)
        #expect(last["total_duration"]?.integer == 100_000_000)
        #expect(last["prompt_eval_duration"]?.integer == 40_000_000)
        #expect(last["eval_duration"]?.integer == 60_000_000)
        #expect(translator.isComplete)
    }

    @Test func anEngineThatAnswersWholeIsWrittenAsAStream() throws {
        let outcome = try Exchange().run(ask, Golden("llamacpp/v1-chat"))
        #expect(try outcome.lines.map { $0["done"]?.bool } == [false, true])
        #expect(outcome.isComplete)
    }
}
