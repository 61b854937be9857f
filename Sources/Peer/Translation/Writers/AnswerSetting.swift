/// What a writer must know of the request that it answers.
struct AnswerSetting: Sendable, Hashable {
    var route: ClientRoute
    /// The model as the client named it.
    var model: String
    /// The client wants the answer as it is made.
    var streams: Bool
    var context: TranslationContext
    var limits: TranslationLimits
    /// The prompt in tokens, by estimate.
    var estimatedTokens: Int
    /// Members of the request that the answer repeats.
    var echo = JSONObject()

    /// The time at `elapsed`.
    func time(_ elapsed: Duration) -> WallTime { WallTime(context, after: elapsed) }
}
