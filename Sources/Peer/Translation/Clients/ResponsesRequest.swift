/// Reads requests of OpenAI's Responses API.
struct ResponsesRequest {
    private var fields: JSONObject
    private var call = ChatCall()
    private var conversation = ResponsesInput()

    private init(fields: JSONObject) { self.fields = fields }

    /// A request to `/v1/responses`.
    static func read(_ body: [UInt8], limits: TranslationLimits) throws(TranslationError) -> ChatCall {
        var reader = ResponsesRequest(fields: try JSONObject.read(body, limits: limits))
        try reader.refuseState()
        reader.call.model = try reader.fields.takeString("model")
        reader.call.streams = try reader.fields.takeBool("stream") ?? false
        _ = reader.fields.take("stream_options")
        reader.call.settings = try reader.fields.takeSettings([
            "max_output_tokens": .maxTokens, "temperature": .temperature, "top_p": .topP, "seed": .seed, "stop": .stop,
            "presence_penalty": .presencePenalty, "frequency_penalty": .frequencyPenalty, "top_k": .topK, "min_p": .minP,
        ])
        try reader.conversation.instructions(reader.fields.take("instructions"))
        guard let input = reader.fields.take("input") else { throw .badRequest("input is required") }
        try reader.conversation.read(input)
        reader.call.turns = reader.conversation.turns
        guard !reader.call.turns.isEmpty else { throw .badRequest("input is required") }
        try reader.tools()
        try reader.shape()
        reader.call.rest = reader.fields
        return reader.call
    }

    /// What needs answers that were kept: none are.
    private mutating func refuseState() throws(TranslationError) {
        if fields.take("previous_response_id") != nil {
            throw .notCarried("`previous_response_id` needs answers that are kept, and none are: send the whole conversation")
        }
        if fields.take("conversation") != nil {
            throw .notCarried("`conversation` needs answers that are kept, and none are: send the whole conversation")
        }
        if try fields.takeBool("background") == true {
            throw .notCarried("`background` needs answers that are kept, and none are: leave it out")
        }
    }

    private mutating func tools() throws(TranslationError) {
        for item in try fields.takeList("tools") ?? [] {
            var tool = try item.element(of: "tools")
            let type = try tool.takeString("type") ?? "function"
            guard type == "function" else {
                throw .notCarried("the tool `\(type.prefix(60))` runs at OpenAI and no local engine has it; leave it out")
            }
            guard let name = try tool.takeString("name") else { throw .badRequest("a tool has no `name`") }
            var function = JSONObject()
            function.add("name", .string(name))
            function.add("description", tool.take("description"))
            function.add("parameters", tool.take("parameters"))
            function.add("strict", tool.take("strict"))
            function.merge(tool)
            call.tools.append(.make(["type": "function", "function": .object(function)]))
        }
        call.parallelCalls = try fields.takeBool("parallel_tool_calls")
        guard let choice = fields.take("tool_choice") else { return }
        switch choice {
        case .string("auto"): call.toolChoice = .auto
        case .string("none"): call.toolChoice = ToolChoice.none
        case .string("required"): call.toolChoice = .required
        case .object(let object) where object["type"]?.string == "function":
            guard let name = object["name"]?.string else { throw .badRequest("`tool_choice` names no tool") }
            call.toolChoice = .named(name)
        default: throw .notCarried("`tool_choice` must be auto, none, required or a function for this engine")
        }
    }

    /// `text`, `reasoning` and `include`.
    private mutating func shape() throws(TranslationError) {
        if var text = try fields.takeObject("text") {
            call.format = try format(text.takeObject("format"))
            fields.merge(text)
        }
        if let effort = try fields.takeObject("reasoning")?["effort"] {
            guard let word = effort.string else { throw .wrongType("reasoning.effort", wants: "a word", is: effort) }
            call.thinking = word == "none" ? .off : .level(word == "minimal" ? "low" : word)
        }
        let included = try fields.takeList("include") ?? []
        if included.contains("message.output_text.logprobs") {
            call.logprobs = true
            call.topLogprobs = fields.take("top_logprobs")
        }
    }

    private func format(_ format: JSONObject?) throws(TranslationError) -> AnswerFormat? {
        guard var format else { return nil }
        switch try format.takeString("type") {
        case "text", nil: return nil
        case "json_object": return .json
        case "json_schema":
            guard let schema = format.take("schema") else { throw .badRequest("`text.format` has no `schema`") }
            let name = try format.takeString("name")
            let strict = format.take("strict")
            return .schema(schema, name: name, strict: strict, rest: format)
        case .some(let word):
            throw .badRequest("`text.format.type` must be text, json_object or json_schema, and it is \(word.prefix(40))")
        }
    }
}
