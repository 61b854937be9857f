/// One thing that an engine's answer says, in the terms that all dialects share.
enum AnswerEvent: Sendable, Hashable {
    /// More of what the model thinks.
    case thinking(String)
    /// More of the answer.
    case text(String)
    /// More of the model's refusal, where an engine tells it apart.
    case refusal(String)
    /// More of a tool call.
    case call(CallPiece)
    /// The probabilities of the tokens of the text that follows.
    case logprobs([JSON])
    /// Why the model stopped.
    case finished(FinishReason)
    /// How many tokens it was.
    case usage(TokenUsage)
    /// How long it took by the engine's clock.
    case timings(Timings)
    /// The engine failed and says so.
    case failed(EngineFailure)
    /// The terminal marker: the answer is complete.
    case ended
}
