/// Writes a request for Ollama's `/api/chat`.
enum OllamaRequestWriter {
    /// The request that `call` is.
    static func write(
        _ call: ChatCall, context: TranslationContext, limits: TranslationLimits
    ) throws(TranslationError) -> EngineCall {
        guard call.prompt == nil else { throw .notCarried("a plain prompt is Ollama's own: nothing is to be translated") }
        var rest = call.rest
        var body = JSONObject()
        body.add("model", (context.engineModel ?? call.model).map { .string($0) })
        body.add("messages", .array(try messages(call.turns, limits: limits)))
        if !call.tools.isEmpty, call.toolChoice != ToolChoice.none {
            body.add("tools", .array(call.tools))
            body.add("tool_choice", choice(call.toolChoice))
        }
        body.add("stream", .bool(call.streams))
        if context.modelThinks != false { body.add("think", think(call.thinking)) }
        switch call.format {
        case nil: break
        case .json: body.add("format", "json")
        case .schema(let schema, _, _, _): body.add("format", schema)
        }
        if call.logprobs == true {
            body.add("logprobs", true)
            body.add("top_logprobs", call.topLogprobs)
        }
        let options = options(call, own: rest.take("options")?.object)
        if !options.isEmpty { body.add("options", .object(options)) }
        body.merge(rest)
        return EngineCall(path: "/api/chat", body: body)
    }

    /// A client's own `options` win over what was translated.
    private static func options(_ call: ChatCall, own: JSONObject?) -> JSONObject {
        var options = own ?? JSONObject()
        var translated = JSONObject()
        for setting in call.settings {
            var value = setting.value
            if setting.name == .stop, case .string = value { value = .array([value]) }
            translated.add(setting.name.ollama, value)
        }
        translated.merge(call.options)
        options.merge(translated)
        return options
    }

    /// Ollama lets the model choose whatever is asked; the wish is passed on by its name for the day it does not.
    private static func choice(_ choice: ToolChoice?) -> JSON? {
        switch choice {
        case nil, .auto, .some(.none): nil
        case .required: "required"
        case .named(let name): .make(["type": "function", "function": .make(["name": .string(name)])])
        }
    }

    private static func think(_ thinking: Thinking?) -> JSON? {
        switch thinking {
        case nil: nil
        case .off, .level("none"): false
        case .on: true
        case .level("minimal"): "low"
        case .level("xhigh"), .level("ultra"): "max"
        case .level(let word): .string(word)
        }
    }

    private static func messages(_ turns: [Turn], limits: TranslationLimits) throws(TranslationError) -> [JSON] {
        var names: [String: String] = [:]
        var messages: [JSON] = []
        for turn in turns {
            var message = JSONObject()
            message.add("role", .string(turn.role.word))
            message.add("content", .string(turn.text))
            var images: [JSON] = []
            for part in turn.others {
                guard case .image(let image) = part else {
                    throw .notCarried("files and sound have no place in Ollama's dialect")
                }
                images.append(.string(image.base64))
            }
            if !images.isEmpty { message.add("images", .array(images)) }
            if !turn.thinking.isEmpty { message.add("thinking", .string(turn.thinking)) }
            var calls: [JSON] = []
            for call in turn.calls {
                names[call.id] = call.name
                guard let arguments = ToolCall.object(call.arguments, limits: limits) else {
                    throw .badRequest("the arguments of the call of `\(call.name.prefix(60))` are not a JSON object")
                }
                calls.append(
                    .make([
                        "id": .string(call.id), "function": .make(["name": .string(call.name), "arguments": arguments]),
                    ]))
            }
            if !calls.isEmpty { message.add("tool_calls", .array(calls)) }
            if turn.role == .tool {
                message.add("tool_name", (turn.toolName ?? turn.callID.flatMap { names[$0] }).map { .string($0) })
                message.add("tool_call_id", turn.callID.map { .string($0) })
            }
            message.merge(turn.rest)
            messages.append(.object(message))
        }
        return messages
    }
}
