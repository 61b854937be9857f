/// Writes a conversation as OpenAI's messages.
enum OpenAIMessages {
    /// The messages. Images in tool results follow in a message of the user: a result has a place for text alone.
    static func write(_ turns: [Turn]) -> [JSON] {
        var messages: [JSON] = []
        var pictures: [Part] = []
        for turn in turns {
            if turn.role != .tool, !pictures.isEmpty {
                messages.append(message(Turn(role: .user, parts: pictures)))
                pictures = []
            }
            messages.append(message(turn))
            if turn.role == .tool { pictures += turn.others }
        }
        if !pictures.isEmpty { messages.append(message(Turn(role: .user, parts: pictures))) }
        return messages
    }

    private static func message(_ turn: Turn) -> JSON {
        var message = JSONObject()
        message.add("role", .string(turn.role.word))
        if turn.isPlain || turn.role == .tool {
            message.add("content", .string(turn.text))
        } else {
            message.add("content", .array(turn.parts.map(part)))
        }
        if !turn.thinking.isEmpty { message.add("reasoning_content", .string(turn.thinking)) }
        if !turn.calls.isEmpty { message.add("tool_calls", .array(turn.calls.map(call))) }
        message.add("tool_call_id", turn.callID.map { .string($0) })
        message.add("name", turn.toolName.map { .string($0) })
        message.merge(turn.rest)
        return .object(message)
    }

    private static func part(_ part: Part) -> JSON {
        switch part {
        case .text(let text): .make(["type": "text", "text": .string(text)])
        case .image(let image): .make(["type": "image_url", "image_url": .make(["url": .string(image.dataURL)])])
        case .foreign(let json): json
        }
    }

    private static func call(_ call: ToolCall) -> JSON {
        let arguments = call.arguments.isEmpty ? "{}" : call.arguments
        return .make([
            "id": .string(call.id), "type": "function",
            "function": .make(["name": .string(call.name), "arguments": .string(arguments)]),
        ])
    }
}
