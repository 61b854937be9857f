/// Reads requests of Anthropic's Messages API.
struct AnthropicRequest {
    private var fields: JSONObject
    private var call = ChatCall()

    /// A request to `/v1/messages`, or to `/v1/messages/count_tokens`, which has no `max_tokens`.
    static func read(_ body: [UInt8], counts: Bool, limits: TranslationLimits) throws(TranslationError) -> ChatCall {
        var reader = AnthropicRequest(fields: try JSONObject.read(body, limits: limits))
        try reader.settings(counts: counts)
        try reader.system()
        guard let messages = try reader.fields.takeList("messages"), !messages.isEmpty else {
            throw .badRequest("messages is required")
        }
        for message in messages { try reader.message(message.element(of: "messages")) }
        try reader.tools()
        try reader.thinking()
        try reader.format()
        reader.call.rest = reader.fields
        return reader.call
    }

    private init(fields: JSONObject) { self.fields = fields }

    private mutating func settings(counts: Bool) throws(TranslationError) {
        call.model = try fields.takeString("model")
        call.streams = try fields.takeBool("stream") ?? false
        if !counts {
            guard let count = fields["max_tokens"]?.integer, count > 0 else {
                throw .badRequest("max_tokens is required and must be positive")
            }
        }
        call.settings = try fields.takeSettings([
            "max_tokens": .maxTokens, "stop_sequences": .stop, "temperature": .temperature, "top_p": .topP, "top_k": .topK,
            "seed": .seed,
        ])
    }

    private mutating func system() throws(TranslationError) {
        guard let value = fields.take("system") else { return }
        let text: String
        switch value {
        case .string(let whole): text = whole
        case .array(let blocks):
            var texts: [String] = []
            for block in blocks {
                guard let part = block["text"]?.string else {
                    throw .badRequest("`system` must be text or a list of text blocks")
                }
                texts.append(part)
            }
            text = texts.joined(separator: "\n\n")
        default: throw .wrongType("system", wants: "text or a list of text blocks", is: value)
        }
        if !text.isEmpty { call.turns.append(Turn(role: .system, parts: [.text(text)])) }
    }

    private mutating func tools() throws(TranslationError) {
        for item in try fields.takeList("tools") ?? [] {
            var tool = try item.element(of: "tools")
            let type = try tool.takeString("type") ?? "custom"
            guard type == "custom" else {
                throw .notCarried("the tool `\(type.prefix(60))` runs at Anthropic and no local engine has it; leave it out")
            }
            guard let name = try tool.takeString("name") else { throw .badRequest("a tool has no `name`") }
            _ = tool.take("cache_control")
            var function = JSONObject()
            function.add("name", .string(name))
            function.add("description", tool.take("description"))
            function.add("parameters", tool.take("input_schema"))
            function.merge(tool)
            call.tools.append(.make(["type": "function", "function": .object(function)]))
        }
        guard let choice = try fields.takeObject("tool_choice") else { return }
        if choice["disable_parallel_tool_use"]?.bool == true { call.parallelCalls = false }
        switch choice["type"]?.string {
        case "auto": call.toolChoice = .auto
        case "any": call.toolChoice = .required
        case "none": call.toolChoice = ToolChoice.none
        case "tool":
            guard let name = choice["name"]?.string else { throw .badRequest("`tool_choice` names no tool") }
            call.toolChoice = .named(name)
        default: throw .badRequest("`tool_choice.type` must be auto, any, tool or none")
        }
    }

    private mutating func thinking() throws(TranslationError) {
        guard let thinking = try fields.takeObject("thinking") else { return }
        switch thinking["type"]?.string {
        case "enabled", "adaptive": call.thinking = .on
        case "disabled": call.thinking = .off
        default: throw .badRequest("`thinking.type` must be enabled, adaptive or disabled")
        }
        // The budget has a place with llama.cpp only; the writers know.
        call.options.add("thinking_budget_tokens", thinking["budget_tokens"])
    }

    /// `output_config` and the older `output_format`.
    private mutating func format() throws(TranslationError) {
        let old = try fields.takeObject("output_format")
        var configuration = try fields.takeObject("output_config")
        if let level = configuration?.take("effort")?.string, call.thinking != .off { call.thinking = .level(level) }
        let chosen = try configuration?.takeObject("format") ?? old
        if let rest = configuration, !rest.isEmpty { fields.add("output_config", .object(rest)) }
        guard let chosen else { return }
        guard chosen["type"]?.string == "json_schema", let schema = chosen["schema"] else {
            throw .badRequest("the output format must be of type json_schema and have a `schema`")
        }
        call.format = .schema(schema, name: nil, strict: nil, rest: JSONObject())
    }

    private mutating func message(_ message: JSONObject) throws(TranslationError) {
        var content = AnthropicContent(role: Turn.Role(message["role"]?.string ?? ""))
        try content.read(message["content"])
        call.turns += content.turns
    }
}
