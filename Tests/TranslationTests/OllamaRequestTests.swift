import Testing

@testable import Translation

/// Ollama's requests for engines that speak OpenAI's dialect.
@Suite struct OllamaRequestTests {
    @Test func aChatKeepsItsOrderAndWhatIsUnknown() throws {
        let exchange = Exchange()
        let asked = try exchange.ask(
            #"""
            {"model":"tiny","messages":[{"role":"system","content":"S"},{"role":"user","content":"hi","x_note":1}],
             "keep_alive":"5m","x_top":{"b":1.0,"a":[1e5]},
             "options":{"num_ctx":4096,"num_predict":7,"temperature":0.10,"top_k":3,"stop":["a"],"mirostat":2,"seed":1,
             "repeat_penalty":1.1,"repeat_last_n":64,"min_p":0.05,"typical_p":1,"presence_penalty":0,
             "frequency_penalty":0.5,"top_p":1}}
            """#)
        #expect(asked.path == "/v1/chat/completions")
        #expect(asked.streams)
        let expected = #"""
            {"model":"tiny","messages":[{"role":"system","content":"S"},{"role":"user","content":"hi","x_note":1}],"stream":true,
            "stream_options":{"include_usage":true},"max_tokens":7,"stop":["a"],"seed":1,"temperature":0.10,"top_p":1,"top_k":3,
            "min_p":0.05,"typical_p":1,"repeat_penalty":1.1,"repeat_last_n":64,"presence_penalty":0,"frequency_penalty":0.5,
            "num_ctx":4096,"mirostat":2,"keep_alive":"5m","x_top":{"b":1.0,"a":[1e5]}}
            """#
        #expect(asked.body.text == expected.replacing("\n", with: ""))
    }

    @Test func theEngineHasItsOwnWords() throws {
        let body = #"{"model":"m","messages":[{"role":"user","content":"x"}],"stream":false,"options":{"repeat_penalty":1.2}}"#
        #expect(try Exchange(engine: .vllm).ask(body).body["repetition_penalty"]?.text == "1.2")
        #expect(try Exchange(engine: .lmstudio).ask(body).body["repeat_penalty"]?.text == "1.2")
        #expect(try Exchange(engine: .vllm).ask(body).body["stream_options"] == nil)
        var renamed = Exchange()
        renamed.context.engineModel = "org/m"
        #expect(try renamed.ask(body).body["model"]?.string == "org/m")
    }

    @Test(arguments: ["-1", "-2", "0"]) func lengthWithoutLimitIsLeftOut(count: String) throws {
        let body = try Exchange().ask(#"{"messages":[{"role":"user","content":"x"}],"options":{"num_predict":\#(count)}}"#).body
        #expect(!body.keys.contains("max_tokens") && !body.keys.contains("num_predict"))
    }

    @Test func toolsAndTheirResultsGetIds() throws {
        let body = try Exchange().ask(
            #"""
            {"model":"tiny","messages":[{"role":"user","content":"w"},
             {"role":"assistant","content":"","thinking":"hm","tool_calls":[{"function":{"name":"a","arguments":{"x":1.0}}},
              {"function":{"name":"b","arguments":{}}},{"id":"own","function":{"name":"a","arguments":{}}}]},
             {"role":"tool","tool_name":"b","content":"rb"},{"role":"tool","content":"ra"},
             {"role":"tool","tool_call_id":"own","content":"ro"},{"role":"tool","content":"extra"}],
             "tools":[{"type":"function","function":{"name":"a","parameters":{"type":"object"}}}]}
            """#
        ).body
        let messages = try #require(body["messages"]?.array)
        #expect(messages[1]["reasoning_content"]?.string == "hm")
        let calls = try #require(messages[1]["tool_calls"]?.array)
        #expect(calls.compactMap { $0["id"]?.string } == ["call00001", "call00002", "own"])
        #expect(calls[0]["function"]?["arguments"]?.string == #"{"x":1.0}"#)
        #expect(messages[2...].compactMap { $0["tool_call_id"]?.string } == ["call00002", "call00001", "own", "call00003"])
        #expect(messages[2]["name"]?.string == "b")
        #expect(body["tools"]?[0]?["function"]?["name"]?.string == "a")
    }

    @Test func imagesBecomeDataURLs() throws {
        let body = try Exchange().ask(
            #"{"messages":[{"role":"user","content":"see","images":["iVBORw0KGgo=","data:image/webp;base64,UklGRg=="]}]}"#
        ).body
        let first = #"{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}"#
        let second = #"{"type":"image_url","image_url":{"url":"data:image/webp;base64,UklGRg=="}}"#
        let expected = #"[{"type":"text","text":"see"},\#(first),\#(second)]"#
        #expect(body["messages"]?[0]?["content"]?.text == expected)
    }

    @Test func formatsBecomeResponseFormats() throws {
        func format(_ format: String, _ engine: EngineDialect) throws -> String? {
            try Exchange(engine: engine).ask(#"{"messages":[{"role":"user","content":"x"}],"format":\#(format)}"#)
                .body["response_format"]?.text
        }
        #expect(try format(#""json""#, .llamacpp) == #"{"type":"json_object"}"#)
        let schema = #"{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"},"strict":true}}"#
        #expect(try format(#"{"type":"object"}"#, .vllm) == schema)
        #expect(try format(#""json""#, .lmstudio)?.contains("json_schema") == true)
        #expect(try format(#""""#, .llamacpp) == nil)
    }

    @Test(arguments: [
        ("true", EngineDialect.llamacpp, #"{"chat_template_kwargs":{"enable_thinking":true,"thinking":true}}"#),
        ("false", .vllm, #"{"chat_template_kwargs":{"enable_thinking":false,"thinking":false}}"#),
        (
            #""max""#, .llamacpp,
            #"{"reasoning_effort":"high","chat_template_kwargs":{"enable_thinking":true,"thinking":true,"#
                + #""reasoning_effort":"high"}}"#
        ),
        (#""low""#, .openai, #"{"reasoning_effort":"low"}"#), ("false", .lmstudio, #"{"reasoning_effort":"none"}"#),
        ("true", .openai, "{}"),
    ]) func thinkingIsSaidInTheEnginesWords(think: String, engine: EngineDialect, expected: String) throws {
        let body = try Exchange(engine: engine).ask(#"{"messages":[{"role":"user","content":"x"}],"think":\#(think)}"#).body
        var found = JSONObject()
        for key in ["reasoning_effort", "chat_template_kwargs"] { found.add(key, body[key]) }
        #expect(JSON.object(found).text == expected)
    }

    @Test func theClientsOwnTemplateWordsWin() throws {
        let body = try Exchange().ask(
            #"{"messages":[{"role":"user","content":"x"}],"think":true,"chat_template_kwargs":{"enable_thinking":false,"k":1}}"#
        ).body
        #expect(body["chat_template_kwargs"]?.text == #"{"enable_thinking":false,"k":1,"thinking":true}"#)
        #expect(body.keys.filter { $0 == "chat_template_kwargs" }.count == 1)
    }

    @Test func probabilitiesAreAsked() throws {
        let chat = try Exchange().ask(#"{"messages":[{"role":"user","content":"x"}],"logprobs":true,"top_logprobs":2}"#).body
        #expect(chat["logprobs"]?.bool == true && chat["top_logprobs"]?.integer == 2)
        let plain = try Exchange(route: .ollamaGenerate).ask(#"{"prompt":"x","raw":true,"logprobs":true,"top_logprobs":2}"#).body
        #expect(plain["logprobs"]?.integer == 2)
    }

    @Test func generateIsAChatOrAPlainPrompt() throws {
        let exchange = Exchange(route: .ollamaGenerate)
        let chat = try exchange.ask(#"{"model":"m","prompt":"p","system":"s","stream":false}"#)
        #expect(chat.path == "/v1/chat/completions")
        #expect(chat.body["messages"]?.text == #"[{"role":"system","content":"s"},{"role":"user","content":"p"}]"#)
        #expect(!chat.streams)
        let raw = try exchange.ask(#"{"model":"m","prompt":"p","raw":true,"system":"ignored","context":[]}"#)
        #expect(raw.path == "/v1/completions")
        #expect(raw.body["prompt"]?.string == "p" && raw.body["messages"] == nil)
        let filled = try Exchange(route: .ollamaGenerate, engine: .vllm).ask(#"{"prompt":"p","suffix":"s"}"#)
        #expect(filled.body["suffix"]?.string == "s" && filled.path == "/v1/completions")
    }

    @Test func loadingAndUnloadingIsAnsweredHere() throws {
        let loaded = try Exchange().answer(#"{"model":"m"}"#)
        let golden = try Golden("ollama/load-chat").json
        #expect(loaded.keys == golden.keys)
        #expect(loaded["done_reason"]?.string == "load" && loaded["message"] == golden["message"])
        #expect(try Exchange().answer(#"{"model":"m","messages":[],"keep_alive":0}"#)["done_reason"]?.string == "unload")
        let generate = try Exchange(route: .ollamaGenerate).answer(#"{"model":"m","prompt":"","keep_alive":"0s"}"#)
        #expect(generate["done_reason"]?.string == "unload" && generate["response"]?.string == "")
    }

    @Test(arguments: [
        ("", "missing request body"), ("[]", "the body must be a JSON object, and it is a list"),
        ("{", "the body is not JSON: it ends too early (byte 1)"),
        (#"{"model":1}"#, "`model` must be a string, and it is a number"),
        (#"{"messages":{}}"#, "`messages` must be a list, and it is an object"),
        (#"{"messages":[1]}"#, "`messages` must be a list of objects, and one is a number"),
        (#"{"stream":"yes"}"#, "`stream` must be true or false, and it is a string"),
        (#"{"options":[]}"#, "`options` must be an object, and it is a list"),
        (#"{"options":{"top_k":"x"}}"#, "`options.top_k` must be a number, and it is a string"),
        (#"{"options":{"stop":[1]}}"#, "`options.stop` must be a string or a list of strings"),
        (#"{"options":{"stop":1}}"#, "`options.stop` must be a string or a list of strings, and it is a number"),
        (#"{"think":1}"#, "`think` must be true, false or a level, and it is a number"),
        (#"{"format":"xml"}"#, "`format` must be \"json\" or a JSON schema, and it is \"xml\""),
        (#"{"format":[]}"#, "`format` must be \"json\" or a JSON schema, and it is a list"),
        (#"{"messages":[{"images":["!"]}]}"#, "`images` is not an image in base64"),
        (#"{"messages":[{"images":[1]}]}"#, "`images` must be a list of images in base64"),
        (
            #"{"messages":[{"images":["https://example.org/a.png"]}]}"#,
            "`images` is a web address: no address is fetched for a client, send the image itself as a data: URL"
        ),
        (#"{"messages":[{"tool_calls":[{}]}]}"#, "`tool_calls` must be a list of calls with a `function.name`"),
        (
            #"{"messages":[{"tool_calls":[{"function":{"name":"a","arguments":"{}"}}]}]}"#,
            "`function.arguments` must be an object, and it is a string"
        ),
    ]) func whatIsWrongIsNamed(body: String, message: String) {
        #expect(Exchange().refusal(body) == .badRequest(message))
    }

    @Test(arguments: [
        (#"{"prompt":"p","context":[1]}"#, "`context` is the memory of another engine"),
        (#"{"prompt":"p","template":"{{.}}"}"#, "`template` is Ollama's"),
        (#"{"prompt":"p","suffix":"s"}"#, "`suffix` has no place in llama.cpp's completions"),
        (#"{"prompt":"p","raw":true,"images":["iVBOR"]}"#, "`images` cannot go with `raw` or `suffix`"),
    ]) func whatAnotherEngineCouldServeIsToldApart(body: String, message: String) {
        let refusal = Exchange(route: .ollamaGenerate).refusal(body)
        #expect(refusal?.kind == .notCarried)
        #expect(refusal?.message.hasPrefix(message) == true)
    }

    @Test func thinkingWithoutTheAbilityIsRefusedAsOllamaDoes() throws {
        var exchange = Exchange()
        exchange.context.modelThinks = false
        let body = #"{"model":"tiny","messages":[{"role":"user","content":"hi"}],"think":true}"#
        let words = try Golden("ollama/chat-think-unsupported").json["error"]?.string
        #expect(exchange.refusal(body)?.message == words)
        #expect(Exchange(engine: .ollama).refusal(body)?.kind == .notCarried)
    }
}
