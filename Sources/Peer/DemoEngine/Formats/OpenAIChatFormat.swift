/// `/v1/chat/completions`.
struct OpenAIChatFormat: AnswerFormat {
    var id: String
    var created: Int64
    var model: String
    var sendsUsage: Bool
    private var isFirst = true

    init(id: String, created: Int64, model: String, sendsUsage: Bool) {
        self.id = id
        self.created = created
        self.model = model
        self.sendsUsage = sendsUsage
    }

    mutating func piece(_ piece: AnswerPlan.Piece) -> String {
        defer { isFirst = false }
        let role: JSONValue? = isFirst ? "assistant" : nil
        return switch piece {
        case .content(let word): chunk(.present(["role": role, "content": .string(word)]))
        case .thinking(let word): chunk(.present(["role": role, "content": "", "reasoning": .string(word)]))
        }
    }

    mutating func closing(_ end: AnswerEnd) -> String {
        var text = ""
        if end.isToolCall {
            text += chunk(["role": "assistant", "content": "", "tool_calls": [Self.call(end)]])
        }
        text += chunk([:], finish: .string(Self.finish(end)))
        if sendsUsage { text += event(frame(choices: []) + [.init(key: "usage", value: end.openAIUsage)]) }
        return text + "data: [DONE]\n\n"
    }

    func brokenRunner() -> String {
        var copy = self
        copy.model = ""
        return copy.chunk(["content": ""])
    }

    func whole(_ pieces: [AnswerPlan.Piece], _ end: AnswerEnd) -> JSONValue {
        let message = JSONValue.present([
            "role": "assistant", "content": .string(pieces.content), "reasoning": pieces.thinking.map(JSONValue.string),
            "tool_calls": end.isToolCall ? [Self.call(end)] : nil,
        ])
        return [
            "id": .string(id), "object": "chat.completion", "created": .integer(created), "model": .string(model),
            "system_fingerprint": "fp_ollama",
            "choices": [["index": 0, "message": message, "finish_reason": .string(Self.finish(end))]], "usage": end.openAIUsage,
        ]
    }

    private static func finish(_ end: AnswerEnd) -> String { end.isToolCall ? "tool_calls" : end.doneReason }

    private static func call(_ end: AnswerEnd) -> JSONValue {
        [
            "id": .string(end.callID), "index": 0, "type": "function",
            "function": ["name": .string(AnswerPlan.toolName), "arguments": .string(AnswerPlan.toolArguments.text)],
        ]
    }

    private func frame(choices: JSONValue) -> [JSONValue.Member] {
        [
            .init(key: "id", value: .string(id)), .init(key: "object", value: "chat.completion.chunk"),
            .init(key: "created", value: .integer(created)), .init(key: "model", value: .string(model)),
            .init(key: "system_fingerprint", value: "fp_ollama"), .init(key: "choices", value: choices),
        ]
    }

    private func chunk(_ delta: JSONValue, finish: JSONValue = nil) -> String {
        event(frame(choices: [["index": 0, "delta": delta, "finish_reason": finish]]))
    }

    private func event(_ members: [JSONValue.Member]) -> String { "data: \(JSONValue.object(members).text)\n\n" }
}
