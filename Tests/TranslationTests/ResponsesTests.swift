import Testing

@testable import Translation

/// OpenAI's responses over engines that have chat only.
@Suite struct ResponsesTests {
    private let exchange = Exchange(route: .openaiResponses)
    private let ask = #"{"model":"tiny","input":"hi"}"#
    private let askStream = #"{"model":"tiny","input":"hi","stream":true,"max_output_tokens":3}"#

    @Test func textIsAMessage() throws {
        let body = try exchange.ask(#"{"model":"m","input":"hi","instructions":"be","store":false,"x":1}"#).body
        #expect(body["messages"]?.text == #"[{"role":"system","content":"be"},{"role":"user","content":"hi"}]"#)
        #expect(body["x"]?.integer == 1 && body["store"]?.bool == false && body["input"] == nil)
    }

    @Test func itemsAreAConversation() throws {
        let body = try exchange.ask(
            #"""
            {"model":"m","input":[{"role":"developer","content":"dev"},
             {"type":"message","role":"user","content":[{"type":"input_text","text":"see"},
              {"type":"input_image","image_url":"data:image/png;base64,iVBORw==","detail":"auto"}]},
             {"type":"reasoning","id":"rs","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"zz"},
             {"type":"function_call","id":"fc","call_id":"c1","name":"w","arguments":"{\"a\":1}"},
             {"type":"function_call","call_id":"c2","name":"w","arguments":"{}"},
             {"type":"function_call_output","call_id":"c1","output":"cold"},
             {"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"warm"}]},
             {"type":"message","role":"assistant","content":[{"type":"output_text","text":"ok","annotations":[]}]},
             {"role":"user","content":[{"type":"input_file","filename":"f","file_data":"data:a"}]}],
             "tools":[{"type":"function","name":"w","description":"W","parameters":{"type":"object"},"strict":true}],
             "tool_choice":{"type":"function","name":"w"},"parallel_tool_calls":true,"max_output_tokens":5,"temperature":0.2,
             "reasoning":{"effort":"minimal","summary":"auto"},"include":["message.output_text.logprobs"],"top_logprobs":2,
             "text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":false},"verbosity":"low"},
             "metadata":{"k":"v"},"previous_response_id":null}
            """#
        ).body
        let expected = #"""
            {"model":"m","messages":[{"role":"system","content":"dev"},
            {"role":"user","content":[{"type":"text","text":"see"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw=="}}]},
            {"role":"assistant","content":"","reasoning_content":"hm","tool_calls":[
            {"id":"c1","type":"function","function":{"name":"w","arguments":"{\"a\":1}"}},
            {"id":"c2","type":"function","function":{"name":"w","arguments":"{}"}}]},
            {"role":"tool","content":"cold","tool_call_id":"c1"},{"role":"tool","content":"warm","tool_call_id":"c2"},
            {"role":"assistant","content":"ok"},
            {"role":"user","content":[{"type":"file","file":{"filename":"f","file_data":"data:a"}}]}],
            "tools":[{"type":"function","function":{"name":"w","description":"W","parameters":{"type":"object"},"strict":true}}],
            "tool_choice":"required","parallel_tool_calls":true,"stream":false,"max_tokens":5,"temperature":0.2,
            "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":false}},
            "reasoning_effort":"low","chat_template_kwargs":{"enable_thinking":true,"thinking":true,"reasoning_effort":"low"},
            "logprobs":true,"top_logprobs":2,"metadata":{"k":"v"},"verbosity":"low"}
            """#
        #expect(body.text == expected.replacing("\n", with: ""))
    }

    @Test(arguments: [
        (#"{"model":"m"}"#, "input is required"), (#"{"input":[]}"#, "input is required"),
        (#"{"input":3}"#, "`input` must be text or a list of items, and it is a number"),
        (#"{"input":[{"type":"function_call"}]}"#, "a function_call needs `call_id` and `name`"),
        (#"{"input":[{"type":"function_call_output"}]}"#, "a function_call_output needs `call_id`"),
        (
            #"{"input":"x","text":{"format":{"type":"y"}}}"#,
            "`text.format.type` must be text, json_object or json_schema, and it is y"
        ),
        (#"{"input":"x","reasoning":{"effort":1}}"#, "`reasoning.effort` must be a word, and it is a number"),
    ]) func whatIsWrongIsNamed(body: String, message: String) {
        #expect(exchange.refusal(body) == .badRequest(message))
    }

    @Test(arguments: [
        #"{"input":"x","previous_response_id":"r"}"#, #"{"input":"x","background":true}"#, #"{"input":"x","conversation":"c"}"#,
        #"{"input":"x","tools":[{"type":"web_search"}]}"#, #"{"input":[{"type":"item_reference","id":"i"}]}"#,
        #"{"input":[{"role":"user","content":[{"type":"input_image","file_id":"f"}]}]}"#,
        #"{"input":[{"role":"user","content":[{"type":"input_file","file_url":"http://x/y"}]}]}"#,
    ]) func whatIsNotKeptOrFetchedIsRefused(body: String) {
        #expect(exchange.refusal(body)?.kind == .notCarried)
    }

    @Test func aWholeResponse() throws {
        let json = try exchange.run(ask, Golden("llamacpp/v1-chat")).json
        let golden = try Golden("ollama/v1-responses").json
        #expect(json["output"]?[0]?["content"]?[0]?["text"] == golden["output"]?[0]?["content"]?[0]?["text"])
        #expect(json["output"]?[0]?["status"]?.string == "completed" && json["status"]?.string == "completed")
        #expect(json["usage"]?["input_tokens"]?.integer == 18 && json["usage"]?["total_tokens"]?.integer == 41)
        #expect(json["usage"]?["input_tokens_details"]?["cached_tokens"]?.integer == 17)
        let missing = Set(golden.keys).subtracting(json.keys)
        let rare: Set = ["top_logprobs", "presence_penalty", "frequency_penalty", "safety_identifier", "prompt_cache_key"]
        #expect(missing.isSubset(of: rare))
    }

    @Test func aStreamHasOllamasEvents() throws {
        let outcome = try exchange.run(askStream, Golden("ollama/v1-chat-stream-usage"))
        let golden = try Exchange.Outcome(bytes: Golden("ollama/v1-responses-stream").answer).events
        let events = try outcome.events
        #expect(outcome.isComplete)
        #expect(events.map(\.name) == golden.map(\.name))
        // The length ended it: the event is Ollama's, the status says what happened.
        let response = events.last?.data["response"]
        #expect(response?["status"]?.string == "incomplete")
        #expect(response?["incomplete_details"]?["reason"]?.string == "max_output_tokens")
        #expect(events.map { $0.data["sequence_number"]?.integer } == (0..<events.count).map { Int64($0) })
        for (mine, theirs) in zip(events, golden).dropLast() {
            #expect(mine.data["type"]?.string == mine.name)
            #expect(Set(theirs.data.keys).isSubset(of: Set(mine.data.keys)), "\(mine.name)")
        }
        #expect(response?["max_output_tokens"]?.integer == 3)
        #expect(response?["output"]?[0]?["content"]?[0]?["text"]?.string == "Hello from the")
    }

    @Test func toolsInAStream() throws {
        let events = try exchange.run(askStream, Golden("llamacpp/v1-chat-tools-stream")).events
        #expect(
            events.map(\.name) == [
                "response.created", "response.in_progress", "response.output_item.added",
                "response.function_call_arguments.delta",
                "response.function_call_arguments.delta", "response.function_call_arguments.delta",
                "response.function_call_arguments.done", "response.output_item.done", "response.completed",
            ])
        let item = events[7].data["item"]
        #expect(item?["arguments"]?.string == #"{"city": "Paris"}"# && item?["name"]?.string == "get_weather")
        #expect(item?["call_id"]?.string == "qmOKjlfwGhr9ZNgawGrRf0fsLIM2sU87")
        let whole = try exchange.run(ask, Golden("llamacpp/v1-chat-tools")).json
        let golden = try Golden("ollama/v1-responses-tools").json
        #expect(Set(whole["output"]?[0]?.keys ?? []) == Set(golden["output"]?[0]?.keys ?? []))
    }

    @Test func thinkingIsAnItemOfItsOwn() throws {
        let events = try exchange.run(askStream, Golden("ollama/v1-chat-think-stream")).events
        let items = events.filter { $0.name == "response.output_item.done" }.compactMap { $0.data["item"] }
        #expect(items.map { $0["type"]?.string } == ["reasoning", "message"])
        #expect(items[0]["summary"]?[0]?["text"]?.string == "first weigh every node then pick whichever looks coolest")
        #expect(events.filter { $0.name == "response.output_item.added" }.map { $0.data["output_index"]?.integer } == [0, 1])
        #expect(events.last?.name == "response.completed")
    }

    @Test func aStreamThatBreaksEndsAsFailed() throws {
        var translator = Translator(route: .openaiResponses, engine: .vllm, context: exchange.context)
        _ = try translator.request(Array(askStream.utf8))
        _ = translator.response(status: 200, contentType: "text/event-stream")
        let text = #"data: {"choices":[{"index":0,"delta":{"content":"a"}}]}"# + "\n\n"
        var bytes = translator.feed(Array(text.utf8), elapsed: .zero).bytes
        let end = translator.finish(elapsed: .zero)
        #expect(end.failure == .endedEarly && end.bytes.isEmpty && !translator.isComplete)
        bytes += translator.abort(.endedEarly, elapsed: .zero)
        let last = try #require(try Exchange.Outcome(bytes: bytes).events.last)
        #expect(last.name == "response.failed")
        #expect(last.data["response"]?["error"]?["message"]?.string == TranslationError.endedEarly.message)
        #expect(last.data["response"]?["status"]?.string == "failed")
    }

    @Test func anOllamaEngineServesResponsesToo() throws {
        let exchange = Exchange(route: .openaiResponses, engine: .ollama)
        #expect(try exchange.ask(ask).path == "/api/chat")
        let events = try exchange.run(askStream, Golden("ollama/chat-stream")).events
        #expect(events.last?.name == "response.completed")
    }
}
