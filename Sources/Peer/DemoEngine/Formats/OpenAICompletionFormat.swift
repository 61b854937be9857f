/// `/v1/completions`.
struct OpenAICompletionFormat: AnswerFormat {
    var id: String
    var created: Int64
    var model: String
    var sendsUsage: Bool

    mutating func piece(_ piece: AnswerPlan.Piece) -> String {
        switch piece {
        case .content(let word): chunk([["text": .string(word), "index": 0, "finish_reason": nil]])
        case .thinking: ""
        }
    }

    mutating func closing(_ end: AnswerEnd) -> String {
        var text = chunk([["text": "", "index": 0, "finish_reason": .string(end.doneReason)]])
        if sendsUsage { text += chunk([], usage: end.openAIUsage) }
        return text + "data: [DONE]\n\n"
    }

    func brokenRunner() -> String { "" }

    func whole(_ pieces: [AnswerPlan.Piece], _ end: AnswerEnd) -> JSONValue {
        [
            "id": .string(id), "object": "text_completion", "created": .integer(created), "model": .string(model),
            "system_fingerprint": "fp_ollama",
            "choices": [["text": .string(pieces.content), "index": 0, "finish_reason": .string(end.doneReason)]],
            "usage": end.openAIUsage,
        ]
    }

    private func chunk(_ choices: JSONValue, usage: JSONValue? = nil) -> String {
        let zero: JSONValue = ["prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0]
        let object = JSONValue.present([
            "id": .string(id), "object": "text_completion", "created": .integer(created), "choices": choices,
            "model": .string(model), "system_fingerprint": "fp_ollama", "usage": sendsUsage ? usage ?? zero : nil,
        ])
        return "data: \(object.text)\n\n"
    }
}
