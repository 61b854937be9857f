import Testing

@testable import Translation

/// Anthropic's messages over engines that speak OpenAI's or Ollama's dialect.
@Suite struct AnthropicTests {
    private let ask = #"{"model":"asked","max_tokens":50,"messages":[{"role":"user","content":"hi"}]}"#
    private let askStream = #"{"model":"asked","max_tokens":50,"messages":[{"role":"user","content":"hi"}],"stream":true}"#

    private func exchange(_ engine: EngineDialect = .llamacpp) -> Exchange { Exchange(route: .anthropicMessages, engine: engine) }

    static let conversation = #"""
        {"model":"m","max_tokens":9,
         "system":[{"type":"text","text":"one","cache_control":{"type":"ephemeral"}},{"type":"text","text":"two"}],
         "messages":[{"role":"user","content":[{"type":"text","text":"see"},
          {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw=="}}]},
         {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"s"},
          {"type":"redacted_thinking","data":"x"},
          {"type":"text","text":"calling"},{"type":"tool_use","id":"toolu_1","name":"w","input":{"city":"Paris","n":1.0}}]},
         {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","is_error":true,
          "content":[{"type":"text","text":"cold"},
           {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},
          {"type":"text","text":"and?"}]}],
         "tools":[{"name":"w","description":"W","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}}],
         "tool_choice":{"type":"any","disable_parallel_tool_use":true},"stop_sequences":["END"],"temperature":0.5,"top_k":4,
         "thinking":{"type":"enabled","budget_tokens":1024},"metadata":{"user_id":"u"},"x_new":[1]}
        """#

    @Test func aConversationForOpenAI() throws {
        let asked = try exchange().ask(Self.conversation)
        #expect(asked.path == "/v1/chat/completions")
        let expected = #"""
            {"model":"m","messages":[{"role":"system","content":"one\n\ntwo"},
            {"role":"user","content":[{"type":"text","text":"see"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw=="}}]},
            {"role":"assistant","content":"calling","reasoning_content":"hm","tool_calls":[{"id":"toolu_1","type":"function",
            "function":{"name":"w","arguments":"{\"city\":\"Paris\",\"n\":1.0}"}}]},
            {"role":"tool","content":"Error: cold","tool_call_id":"toolu_1"},
            {"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},
            {"role":"user","content":"and?"}],
            "tools":[{"type":"function","function":{"name":"w","description":"W","parameters":{"type":"object"}}}],
            "tool_choice":"required","parallel_tool_calls":false,"stream":false,"max_tokens":9,"stop":["END"],"temperature":0.5,
            "top_k":4,"chat_template_kwargs":{"enable_thinking":true,"thinking":true},"thinking_budget_tokens":1024,
            "metadata":{"user_id":"u"},"x_new":[1]}
            """#
        #expect(asked.body.text == expected.replacing("\n", with: ""))
    }

    @Test func aConversationForOllama() throws {
        let asked = try exchange(.ollama).ask(Self.conversation)
        #expect(asked.path == "/api/chat")
        let expected = #"""
            {"model":"m","messages":[{"role":"system","content":"one\n\ntwo"},
            {"role":"user","content":"see","images":["iVBORw=="]},
            {"role":"assistant","content":"calling","thinking":"hm","tool_calls":[{"id":"toolu_1","function":{"name":"w",
            "arguments":{"city":"Paris","n":1.0}}}]},
            {"role":"tool","content":"Error: cold","images":["AAAA"],"tool_name":"w","tool_call_id":"toolu_1"},
            {"role":"user","content":"and?"}],
            "tools":[{"type":"function","function":{"name":"w","description":"W","parameters":{"type":"object"}}}],
            "tool_choice":"required","stream":false,"think":true,
            "options":{"num_predict":9,"stop":["END"],"temperature":0.5,"top_k":4,"thinking_budget_tokens":1024},
            "metadata":{"user_id":"u"},"x_new":[1]}
            """#
        #expect(asked.body.text == expected.replacing("\n", with: ""))
    }

    @Test(arguments: [
        (#"{"type":"tool","name":"b"}"#, EngineDialect.llamacpp, #""required""#, 1),
        (#"{"type":"tool","name":"b"}"#, .vllm, #"{"type":"function","function":{"name":"b"}}"#, 2),
        (#"{"type":"auto"}"#, .vllm, #""auto""#, 2), (#"{"type":"none"}"#, .vllm, #""none""#, 2),
        (#"{"type":"none"}"#, .ollama, "-", 0),
    ]) func choicesOfTools(choice: String, engine: EngineDialect, expected: String, count: Int) throws {
        let body = try exchange(engine).ask(
            #"""
            {"max_tokens":9,"messages":[{"role":"user","content":"x"}],"tools":[{"name":"a"},{"name":"b","type":"custom"}],
             "tool_choice":\#(choice)}
            """#
        ).body
        #expect(body["tool_choice"]?.text ?? "-" == expected)
        #expect(body["tools"]?.array?.count ?? 0 == count)
    }

    @Test func formatsAndEffort() throws {
        let body = try exchange(.ollama).ask(
            #"""
            {"max_tokens":9,"messages":[{"role":"user","content":"x"}],"options":{"num_ctx":99,"temperature":2},"temperature":1,
             "output_config":{"effort":"low","format":{"type":"json_schema","schema":{"type":"array"}},"x":1}}
            """#
        ).body
        #expect(body["format"]?.text == #"{"type":"array"}"# && body["think"]?.string == "low")
        #expect(body["options"]?.text == #"{"num_ctx":99,"temperature":2,"num_predict":9}"#)
        #expect(body["output_config"]?.text == #"{"x":1}"#)
    }

    @Test func thinkingIsLeftOutWhereTheModelCannot() throws {
        var exchange = exchange(.ollama)
        exchange.context.modelThinks = false
        #expect(try exchange.ask(Self.conversation).body["think"] == nil)
    }

    @Test(arguments: [
        (#"{"messages":[{"role":"user","content":"x"}]}"#, "max_tokens is required and must be positive"),
        (#"{"max_tokens":5}"#, "messages is required"),
        (#"{"max_tokens":5,"messages":[{"content":3}]}"#, "`content` must be text or a list of blocks, and it is a number"),
        (#"{"max_tokens":5,"system":3,"messages":[]}"#, "`system` must be text or a list of text blocks, and it is a number"),
        (
            #"{"max_tokens":5,"messages":[{"content":[{"type":"image","source":{"type":"url","url":"http://x/y"}}]}]}"#,
            "`source.url` is a web address: no address is fetched for a client, send the image itself as a data: URL"
        ),
        (#"{"max_tokens":5,"messages":[{"content":[{"type":"tool_use"}]}]}"#, "a tool_use block needs `id` and `name`"),
        (#"{"max_tokens":5,"messages":[{"content":[{"type":"tool_result"}]}]}"#, "a tool_result block needs `tool_use_id`"),
        (#"{"max_tokens":5,"messages":[{"content":"x"}],"tools":[{}]}"#, "a tool has no `name`"),
        (
            #"{"max_tokens":5,"messages":[{"content":"x"}],"tool_choice":{"type":"x"}}"#,
            "`tool_choice.type` must be auto, any, tool or none"
        ),
        (
            #"{"max_tokens":5,"messages":[{"content":"x"}],"thinking":{}}"#,
            "`thinking.type` must be enabled, adaptive or disabled"
        ),
    ]) func whatIsWrongIsNamed(body: String, message: String) {
        #expect(exchange().refusal(body) == .badRequest(message))
    }

    @Test(arguments: [
        #"{"max_tokens":5,"messages":[{"content":"x"}],"tools":[{"type":"web_search_20250305","name":"web_search"}]}"#,
        #"{"max_tokens":5,"messages":[{"content":[{"type":"server_tool_use"}]}]}"#,
        #"{"max_tokens":5,"messages":[{"content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}]}"#,
        #"{"max_tokens":5,"messages":[{"content":[{"type":"document","source":{"type":"base64","data":"AAAA"}}]}]}"#,
    ]) func whatNoLocalEngineHasIsRefused(body: String) {
        #expect(exchange().refusal(body)?.kind == .notCarried)
    }

    @Test func tokensAreCountedByEstimate() throws {
        let counting = Exchange(route: .anthropicCountTokens)
        #expect(try counting.answer(#"{"messages":[{"role":"user","content":"12345678"}]}"#).text == #"{"input_tokens":6}"#)
        #expect(try counting.answer(Self.conversation)["input_tokens"]?.integer ?? 0 > 300)
        #expect(counting.refusal("{}") == .badRequest("messages is required"))
    }

    @Test(arguments: [EngineDialect.llamacpp, .ollama]) func aWholeMessage(engine: EngineDialect) throws {
        let outcome = try exchange(engine).run(ask, Golden(engine == .ollama ? "ollama/chat" : "llamacpp/v1-chat"))
        let json = try outcome.json
        let golden = try Golden("ollama/v1-messages").json
        #expect(json["content"] == golden["content"] && json["stop_reason"] == golden["stop_reason"])
        #expect(json["usage"]?["output_tokens"]?.integer == 23)
        let usage = json["usage"]
        #expect((usage?["input_tokens"]?.integer ?? 0) + (usage?["cache_read_input_tokens"]?.integer ?? 0) == 18)
        #expect(json["id"]?.string?.hasPrefix("msg_") == true && json["model"]?.string == "asked")
        #expect(json.keys.contains("stop_sequence"))
    }

    @Test func aStreamHasOllamasEvents() throws {
        let golden = try Golden("ollama/v1-messages-stream")
        let outcome = try exchange(.ollama).run(askStream, Golden("ollama/chat-stream"))
        #expect(outcome.head.contentType.hasPrefix("text/event-stream") && outcome.isComplete)
        let events = try outcome.events
        let names = events.map(\.name).reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
        let expected = try Exchange.Outcome(bytes: golden.answer).events.map(\.name)
            .reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
        #expect(names.filter { $0 != "ping" } == expected)
        #expect(events.filter { $0.name == "ping" }.count == 1)
        let text = events.compactMap { $0.data["delta"]?["text"]?.string }.joined()
        #expect(text == "Hello from the tiny herd model , I count one two three four five six seven eight nine ten and stop .")
        #expect(events[events.count - 2].data["usage"]?.text == #"{"input_tokens":18,"output_tokens":23}"#)
    }

    @Test func toolsInAStreamComeAsTheyAreWritten() throws {
        let events = try exchange().run(askStream, Golden("llamacpp/v1-chat-tools-stream")).events
        #expect(
            events.map(\.name) == [
                "message_start", "ping", "content_block_start", "content_block_delta", "content_block_delta",
                "content_block_delta",
                "content_block_stop", "message_delta", "message_stop",
            ])
        let block = events[2].data["content_block"]
        #expect(block?["type"]?.string == "tool_use" && block?["name"]?.string == "get_weather" && block?["input"]?.text == "{}")
        #expect(block?["id"]?.string == "qmOKjlfwGhr9ZNgawGrRf0fsLIM2sU87")
        #expect(events.compactMap { $0.data["delta"]?["partial_json"]?.string }.joined() == #"{"city": "Paris"}"#)
        #expect(events[7].data["delta"]?["stop_reason"]?.string == "tool_use")
        // Ollama says `stop` where tools are called.
        let ollama = try exchange(.ollama).run(askStream, Golden("ollama/chat-tools-stream")).events
        #expect(ollama.first { $0.name == "message_delta" }?.data["delta"]?["stop_reason"]?.string == "tool_use")
    }

    @Test func aWholeMessageWithTools() throws {
        let json = try exchange().run(ask, Golden("llamacpp/v1-chat-tools")).json
        let golden = try Golden("ollama/v1-messages-tools").json
        #expect(json["content"]?[0]?["input"] == golden["content"]?[0]?["input"])
        #expect(json["stop_reason"] == golden["stop_reason"] && json["content"]?.array?.count == 1)
    }

    @Test func thinkingIsABlockOfItsOwn() throws {
        let events = try exchange(.ollama).run(askStream, Golden("ollama/chat-think-stream")).events
        let starts = events.filter { $0.name == "content_block_start" }.map { $0.data["content_block"]?["type"]?.string }
        #expect(starts == ["thinking", "text"])
        #expect(events.filter { $0.name == "content_block_stop" }.map { $0.data["index"]?.integer } == [0, 1])
        let thought = events.compactMap { $0.data["delta"]?["thinking"]?.string }.joined()
        #expect(thought == "first weigh every node then pick whichever looks coolest")
        let whole = try exchange(.openai).run(ask, Golden("ollama/v1-chat-think")).json
        #expect(whole["content"]?.array?.compactMap { $0["type"]?.string } == ["thinking", "text"])
    }

    @Test(arguments: [
        (#""finish_reason":"length""#, "max_tokens", "null"), (#""finish_reason":"content_filter""#, "refusal", "null"),
        (#""finish_reason":"stop","stop_reason":"END""#, "stop_sequence", #""END""#),
        (#""finish_reason":"weird""#, "end_turn", "null"),
    ]) func stopReasons(end: String, reason: String, word: String) throws {
        let json = try exchange(.vllm).run(ask, whole: #"{"choices":[{"message":{"content":"x"},\#(end)}]}"#).json
        #expect(json["stop_reason"]?.string == reason)
        #expect(json.object?.members.last { $0.key == "stop_sequence" }?.value.text == word)
    }

    @Test func callsThatReturnToAnEarlierOneAreRefused() throws {
        let outcome = try exchange().run(
            askStream,
            chunks: [
                #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"a","arguments":"{"}}]}}]}"#,
                #"{"choices":[{"delta":{"tool_calls":[{"index":1,"function":{"name":"b","arguments":"{}"}}]}}]}"#,
                #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"a","arguments":"}"}}]}}]}"#,
            ])
        #expect(outcome.failure == .badAnswer("the engine sent more of a tool call after it had begun another one"))
    }
}
