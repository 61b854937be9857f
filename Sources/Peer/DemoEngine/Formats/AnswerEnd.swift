/// The facts of a finished answer.
struct AnswerEnd: Sendable {
    /// `stop`, `length`, `load` or `unload`.
    var doneReason: String
    var promptTokens: Int
    var evalCount: Int
    var isToolCall: Bool
    /// The id of the tool call.
    var callID: String
    var total: Duration
    var load: Duration
    var promptEval: Duration
    var eval: Duration

    /// Ollama leaves out what is zero: nothing is measured here that took no time at all.
    var nativeMembers: [JSONValue.Member] {
        let members: [(String, Int64)] = [
            ("total_duration", total.nanosecondCount), ("load_duration", load.nanosecondCount),
            ("prompt_eval_count", Int64(promptTokens)), ("prompt_eval_duration", promptEval.nanosecondCount),
            ("eval_count", Int64(evalCount)), ("eval_duration", eval.nanosecondCount),
        ]
        return members.filter { $0.1 != 0 }.map { JSONValue.Member(key: $0.0, value: .integer($0.1)) }
    }

    var openAIUsage: JSONValue {
        [
            "prompt_tokens": .integer(Int64(promptTokens)), "completion_tokens": .integer(Int64(evalCount)),
            "total_tokens": .integer(Int64(promptTokens + evalCount)),
        ]
    }
}
