/// `/v1/messages`.
struct AnthropicFormat: AnswerFormat {
    private enum Block { case thinking, text }

    var id: String
    var model: String
    /// The estimate that the first event carries.
    var estimatedTokens: Int
    private var index = -1
    private var block: Block?

    init(id: String, model: String, estimatedTokens: Int) {
        self.id = id
        self.model = model
        self.estimatedTokens = estimatedTokens
    }

    var streamHeaders: [(String, String)] { [("Cache-Control", "no-cache"), ("Connection", "keep-alive")] }

    mutating func opening() -> String {
        event(
            "message_start",
            [
                "message": [
                    "id": .string(id), "type": "message", "role": "assistant", "model": .string(model), "content": [],
                    "usage": ["input_tokens": .integer(Int64(estimatedTokens)), "output_tokens": 0],
                ]
            ])
    }

    mutating func piece(_ piece: AnswerPlan.Piece) -> String {
        switch piece {
        case .content(let word):
            enter(.text, ["type": "text", "text": ""]) + delta(["type": "text_delta", "text": .string(word)])
        case .thinking(let word):
            enter(.thinking, ["type": "thinking", "thinking": ""]) + delta(["type": "thinking_delta", "thinking": .string(word)])
        }
    }

    mutating func closing(_ end: AnswerEnd) -> String {
        var text = ""
        if end.isToolCall {
            text += stop()
            index += 1
            text += event(
                "content_block_start",
                [
                    "index": .integer(Int64(index)),
                    "content_block": [
                        "type": "tool_use", "id": .string(end.callID), "name": .string(AnswerPlan.toolName), "input": [:],
                    ],
                ])
            text += delta(["type": "input_json_delta", "partial_json": .string(AnswerPlan.toolArguments.text)])
            text += event("content_block_stop", ["index": .integer(Int64(index))])
        } else {
            text += stop()
        }
        text += event(
            "message_delta", ["delta": ["stop_reason": .string(Self.stopReason(end))], "usage": Self.usage(end)])
        return text + event("message_stop", [:])
    }

    func brokenRunner() -> String { "" }

    func whole(_ pieces: [AnswerPlan.Piece], _ end: AnswerEnd) -> JSONValue {
        var content: [JSONValue] = []
        if let thinking = pieces.thinking { content.append(["type": "thinking", "thinking": .string(thinking)]) }
        if !pieces.content.isEmpty { content.append(["type": "text", "text": .string(pieces.content)]) }
        if end.isToolCall {
            content.append([
                "type": "tool_use", "id": .string(end.callID), "name": .string(AnswerPlan.toolName),
                "input": AnswerPlan.toolArguments,
            ])
        }
        return [
            "id": .string(id), "type": "message", "role": "assistant", "model": .string(model), "content": .array(content),
            "stop_reason": .string(Self.stopReason(end)), "usage": Self.usage(end),
        ]
    }

    private static func stopReason(_ end: AnswerEnd) -> String {
        end.isToolCall ? "tool_use" : end.doneReason == "length" ? "max_tokens" : "end_turn"
    }

    private static func usage(_ end: AnswerEnd) -> JSONValue {
        ["input_tokens": .integer(Int64(end.promptTokens)), "output_tokens": .integer(Int64(end.evalCount))]
    }

    /// Ends the open block when it is another one, and begins this one.
    private mutating func enter(_ next: Block, _ content: JSONValue) -> String {
        guard block != next else { return "" }
        let text = stop()
        index += 1
        block = next
        return text + event("content_block_start", ["index": .integer(Int64(index)), "content_block": content])
    }

    private mutating func stop() -> String {
        guard block != nil else { return "" }
        block = nil
        return event("content_block_stop", ["index": .integer(Int64(index))])
    }

    private func delta(_ delta: JSONValue) -> String {
        event("content_block_delta", ["index": .integer(Int64(index)), "delta": delta])
    }

    private func event(_ name: String, _ rest: JSONValue) -> String {
        guard case .object(let members) = rest else { return "" }
        return "event: \(name)\ndata: \(JSONValue.object([.init(key: "type", value: .string(name))] + members).text)\n\n"
    }
}
