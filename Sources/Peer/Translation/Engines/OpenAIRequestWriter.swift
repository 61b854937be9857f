/// Writes a request for OpenAI's routes of an engine: `/v1/chat/completions`, or `/v1/completions` for a plain prompt.
struct OpenAIRequestWriter {
    private let call: ChatCall
    private let engine: EngineDialect
    private var rest: JSONObject
    private var body = JSONObject()

    /// The request that `call` is for `engine`.
    static func write(
        _ call: ChatCall, engine: EngineDialect, context: TranslationContext
    ) throws(TranslationError) -> EngineCall {
        var writer = OpenAIRequestWriter(call: call, engine: engine, rest: call.rest)
        writer.body.add("model", (context.engineModel ?? call.model).map { .string($0) })
        if let prompt = call.prompt {
            try writer.plain(prompt)
        } else {
            writer.body.add("messages", .array(OpenAIMessages.write(call.turns)))
            writer.tools()
        }
        writer.stream()
        for setting in call.settings { writer.body.add(setting.name.openai(engine), setting.value) }
        writer.format()
        if context.modelThinks != false, call.prompt == nil { writer.thinking() }
        writer.probabilities()
        writer.body.merge(call.options)
        writer.body.merge(writer.rest)
        return EngineCall(path: call.prompt == nil ? "/v1/chat/completions" : "/v1/completions", body: writer.body)
    }

    private init(call: ChatCall, engine: EngineDialect, rest: JSONObject) {
        self.call = call
        self.engine = engine
        self.rest = rest
    }

    private mutating func plain(_ prompt: PlainPrompt) throws(TranslationError) {
        body.add("prompt", .string(prompt.text))
        guard let suffix = prompt.suffix else { return }
        guard engine != .llamacpp else {
            throw .notCarried("`suffix` has no place in llama.cpp's completions, which would leave it out")
        }
        body.add("suffix", .string(suffix))
    }

    private mutating func tools() {
        guard !call.tools.isEmpty else { return }
        var tools = call.tools
        var choice: JSON?
        switch call.toolChoice {
        case nil: break
        case .auto: choice = "auto"
        case .some(.none): choice = "none"
        case .required: choice = "required"
        case .named(let name):
            // Neither of these reads a choice by name: the only tool there is, and it must be called, is the same.
            if engine == .llamacpp || engine == .lmstudio {
                tools = tools.filter { $0["function"]?["name"]?.string == name }
                choice = "required"
            } else {
                choice = .make(["type": "function", "function": .make(["name": .string(name)])])
            }
        }
        body.add("tools", .array(tools))
        body.add("tool_choice", choice)
        body.add("parallel_tool_calls", call.parallelCalls.map { .bool($0) })
    }

    private mutating func stream() {
        body.add("stream", .bool(call.streams))
        guard call.streams else { return }
        var options = rest.take("stream_options")?.object ?? JSONObject()
        _ = options.take("include_usage")
        options.add("include_usage", true)
        body.add("stream_options", .object(options))
    }

    private mutating func format() {
        switch call.format {
        case nil: return
        case .json where engine == .lmstudio:
            // It knows schemas only.
            let schema = JSON.make(["name": "answer", "schema": .make(["type": "object"])])
            body.add("response_format", .make(["type": "json_schema", "json_schema": schema]))
        case .json: body.add("response_format", .make(["type": "json_object"]))
        case .schema(let schema, let name, let strict, let others):
            var inner = JSONObject()
            inner.add("name", .string(name ?? "answer"))
            inner.add("schema", schema)
            inner.add("strict", strict ?? true)
            inner.merge(others)
            body.add("response_format", .make(["type": "json_schema", "json_schema": .object(inner)]))
        }
    }

    /// llama.cpp and vLLM ask the chat template, the others have OpenAI's levels only.
    private mutating func thinking() {
        guard let thinking = call.thinking else { return }
        var level: String?
        var on = true
        switch thinking {
        case .off, .level("none"): on = false
        case .on: break
        case .level("max"), .level("xhigh"), .level("ultra"): level = "high"
        case .level("minimal"): level = "low"
        case .level(let word): level = word
        }
        switch engine {
        case .llamacpp, .vllm:
            var own = rest.take("chat_template_kwargs")?.object ?? JSONObject()
            var words = JSONObject()
            words.add("enable_thinking", .bool(on))
            words.add("thinking", .bool(on))
            if engine == .llamacpp { words.add("reasoning_effort", level.map { .string($0) }) }
            own.merge(words)
            body.add("reasoning_effort", level.map { .string($0) })
            body.add("chat_template_kwargs", .object(own))
        case .lmstudio, .openai, .ollama:
            body.add("reasoning_effort", on ? level.map { .string($0) } : "none")
        }
    }

    private mutating func probabilities() {
        guard call.logprobs == true else { return }
        guard call.prompt == nil else { return body.add("logprobs", call.topLogprobs ?? 0) }
        body.add("logprobs", true)
        body.add("top_logprobs", call.topLogprobs)
    }
}
