/// Reads the requests of Ollama's chat and generate (api-contracts §1.1).
struct OllamaRequest {
    private var fields: JSONObject
    private var call = ChatCall()
    private var numbers = CallNumbers()

    private init(_ body: [UInt8], limits: TranslationLimits) throws(TranslationError) {
        fields = try JSONObject.read(body, limits: limits)
    }

    /// A request to `/api/chat`.
    static func chat(_ body: [UInt8], limits: TranslationLimits) throws(TranslationError) -> ChatCall {
        var reader = try OllamaRequest(body, limits: limits)
        try reader.common()
        for message in try reader.fields.takeList("messages") ?? [] {
            let turn = try reader.turn(message.element(of: "messages"))
            reader.call.turns.append(turn)
        }
        reader.call.tools = try reader.fields.takeList("tools") ?? []
        reader.call.rest = reader.fields
        return reader.call
    }

    /// A request to `/api/generate`: a chat of one message, or a plain prompt with `raw` or `suffix`.
    static func generate(_ body: [UInt8], limits: TranslationLimits) throws(TranslationError) -> ChatCall {
        var reader = try OllamaRequest(body, limits: limits)
        try reader.common()
        try reader.prompt()
        reader.call.rest = reader.fields
        return reader.call
    }

    private mutating func common() throws(TranslationError) {
        call.model = try fields.takeString("model")
        call.streams = try fields.takeBool("stream") ?? true
        try options()
        call.thinking = try thinking()
        call.format = try format()
        call.logprobs = fields.take("logprobs")
        call.topLogprobs = fields.take("top_logprobs")
    }

    private mutating func options() throws(TranslationError) {
        guard var options = try fields.takeObject("options") else { return }
        for name in Setting.Name.allCases {
            guard let value = options.take(name.ollama) else { continue }
            if let setting = try Setting(name, value, field: "options.\(name.ollama)") { call.settings.append(setting) }
        }
        call.options = options
    }

    private mutating func thinking() throws(TranslationError) -> Thinking? {
        guard let value = fields.take("think") else { return nil }
        switch value {
        case .bool(let on): return on ? .on : .off
        case .string(let level): return level.isEmpty ? nil : .level(level)
        default: throw .wrongType("think", wants: "true, false or a level", is: value)
        }
    }

    private mutating func format() throws(TranslationError) -> AnswerFormat? {
        guard let value = fields.take("format") else { return nil }
        switch value {
        case .string(""): return nil
        case .string("json"): return .json
        case .object: return .schema(value, name: nil, strict: nil, rest: JSONObject())
        case .string(let word): throw .badRequest("`format` must be \"json\" or a JSON schema, and it is \"\(word.prefix(40))\"")
        default: throw .wrongType("format", wants: "\"json\" or a JSON schema", is: value)
        }
    }

    private func images(_ list: [JSON]) throws(TranslationError) -> [Part] {
        var parts: [Part] = []
        for item in list {
            guard let text = item.string else { throw .badRequest("`images` must be a list of images in base64") }
            let head = text.prefix(8).lowercased()
            if head.hasPrefix("data:") || head.hasPrefix("http:") || head.hasPrefix("https:") {
                parts.append(.image(try Image(url: text, field: "images")))
            } else {
                parts.append(.image(try Image(base64: text, field: "images")))
            }
        }
        return parts
    }
}

extension OllamaRequest {
    // MARK: Messages

    private mutating func turn(_ message: JSONObject) throws(TranslationError) -> Turn {
        var message = message
        var turn = Turn(role: Turn.Role(try message.takeString("role") ?? ""))
        if let content = try message.takeString("content"), !content.isEmpty { turn.parts.append(.text(content)) }
        turn.parts += try images(try message.takeList("images") ?? [])
        turn.thinking = try message.takeString("thinking") ?? ""
        for item in try message.takeList("tool_calls") ?? [] { turn.calls.append(try toolCall(item)) }
        let name = try message.takeString("tool_name")
        let id = try message.takeString("tool_call_id")
        if turn.role == .tool {
            turn.toolName = name
            turn.callID = numbers.result(of: id.flatMap { $0.isEmpty ? nil : $0 }, name: name)
        }
        turn.rest = message
        return turn
    }

    private mutating func toolCall(_ item: JSON) throws(TranslationError) -> ToolCall {
        guard let name = item["function"]?["name"]?.string else {
            throw .badRequest("`tool_calls` must be a list of calls with a `function.name`")
        }
        let given = item["id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let arguments = item["function"]?["arguments"] ?? .object(JSONObject())
        guard arguments.object != nil else { throw .wrongType("function.arguments", wants: "an object", is: arguments) }
        return ToolCall(id: numbers.id(of: given, name: name), name: name, arguments: arguments.text)
    }

    private mutating func prompt() throws(TranslationError) {
        let text = try fields.takeString("prompt") ?? ""
        let suffix = try fields.takeString("suffix") ?? ""
        let raw = try fields.takeBool("raw") ?? false
        let system = try fields.takeString("system") ?? ""
        let pictures = try images(try fields.takeList("images") ?? [])
        if let context = fields.take("context"), context != .array([]) {
            throw .notCarried("`context` is the memory of another engine: this one cannot go on from it; send the prompt again")
        }
        if let template = try fields.takeString("template"), !template.isEmpty, !raw {
            throw .notCarried("`template` is Ollama's: the engine that has this model uses its own; use `raw` or leave it out")
        }
        guard raw || !suffix.isEmpty else {
            if !system.isEmpty { call.turns.append(Turn(role: .system, parts: [.text(system)])) }
            if !text.isEmpty || !pictures.isEmpty {
                call.turns.append(Turn(role: .user, parts: (text.isEmpty ? [] : [.text(text)]) + pictures))
            }
            return
        }
        guard pictures.isEmpty else { throw .notCarried("`images` cannot go with `raw` or `suffix` to this engine") }
        if !text.isEmpty || !suffix.isEmpty {
            call.prompt = PlainPrompt(text: text, suffix: suffix.isEmpty ? nil : suffix)
        }
    }
}
