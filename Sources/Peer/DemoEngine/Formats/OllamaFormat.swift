/// `/api/chat` and `/api/generate`.
struct OllamaFormat: AnswerFormat {
    enum Route { case chat, generate }

    var route: Route
    /// As the client asked for it.
    var model: String
    /// How many alternatives per token; nil = no log-probabilities.
    var topLogprobs: Int?
    /// Whether the last object of `generate` carries the context.
    var sendsContext = true

    var streamType: String { "application/x-ndjson" }
    var wholeType: String { "application/json; charset=utf-8" }

    mutating func piece(_ piece: AnswerPlan.Piece) -> String {
        line(text([piece], call: nil) + [member("done", false)] + logprobs([piece]))
    }

    mutating func closing(_ end: AnswerEnd) -> String { line(last([], end)) }

    func brokenRunner() -> String { Dialect.native.body(.runnerDied, requestID: "").text + "\n" }

    func whole(_ pieces: [AnswerPlan.Piece], _ end: AnswerEnd) -> JSONValue { .object(frame + last(pieces, end)) }

    /// The answer to a request without messages or prompt.
    func loadOnly(_ reason: String) -> JSONValue {
        .object(frame + text([], call: nil) + [member("done", true), member("done_reason", .string(reason))])
    }

    private var frame: [JSONValue.Member] {
        [member("model", .string(model)), member("created_at", .string(WallTime.now.text))]
    }

    private func line(_ members: [JSONValue.Member]) -> String { JSONValue.object(frame + members).text + "\n" }

    private func last(_ pieces: [AnswerPlan.Piece], _ end: AnswerEnd) -> [JSONValue.Member] {
        var members = text(pieces, call: end.isToolCall ? end.callID : nil)
        members += [member("done", true), member("done_reason", .string(end.doneReason))]
        if route == .generate, sendsContext {
            let tokens = (0..<min(end.promptTokens + end.evalCount, 4096)).map { JSONValue.integer(Int64($0 % 400)) }
            members.append(member("context", .array(tokens)))
        }
        return members + logprobs(pieces) + end.nativeMembers
    }

    private func text(_ pieces: [AnswerPlan.Piece], call: String?) -> [JSONValue.Member] {
        let thinking = pieces.thinking.map(JSONValue.string)
        let calls: JSONValue? = call.map { id in
            [
                [
                    "id": .string(id),
                    "function": ["index": 0, "name": .string(AnswerPlan.toolName), "arguments": AnswerPlan.toolArguments],
                ]
            ]
        }
        guard route == .chat else {
            let members: JSONValue = .present([
                "response": .string(pieces.content), "thinking": thinking, "tool_calls": calls,
            ])
            guard case .object(let list) = members else { return [] }
            return list
        }
        return [
            member(
                "message",
                .present(["role": "assistant", "content": .string(pieces.content), "thinking": thinking, "tool_calls": calls]))
        ]
    }

    private func logprobs(_ pieces: [AnswerPlan.Piece]) -> [JSONValue.Member] {
        guard let topLogprobs, !pieces.isEmpty else { return [] }
        let items = pieces.map { piece -> JSONValue in
            switch piece {
            case .content(let word), .thinking(let word): Self.logprob(word, alternatives: topLogprobs)
            }
        }
        return [member("logprobs", .array(items))]
    }

    private static func logprob(_ word: String, alternatives: Int) -> JSONValue {
        func item(_ text: String, _ value: JSONValue) -> [JSONValue.Member] {
            [
                member("token", .string(text)), member("logprob", value),
                member("bytes", .array(text.utf8.map { .integer(Int64($0)) })),
            ]
        }
        let others = (0..<max(alternatives, 0)).map { index -> JSONValue in
            .object(index == 0 ? item(word, 0) : item(" other\(index)", .number(-20.5 - Double(index))))
        }
        return .object(item(word, 0) + (others.isEmpty ? [] : [member("top_logprobs", .array(others))]))
    }
}

private func member(_ key: String, _ value: JSONValue) -> JSONValue.Member { JSONValue.Member(key: key, value: value) }
