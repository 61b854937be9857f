/// What the stand-in has and how it behaves. The defaults answer like the recorded server, at once.
public struct DemoEngineConfiguration: Sendable {
    /// Models that are there, in the order of `/api/tags`.
    public var models: [DemoModel] = DemoModel.recorded
    /// Models that `/api/pull` can fetch.
    public var pullable: [DemoModel] = []
    /// The reply to every chat and prompt; its words are the tokens.
    public var replyText =
        "Hello from the tiny herd model , I count one two three four five six seven eight nine ten and stop ."
    /// What a thinking model thinks first.
    public var thinkingText = "first weigh every node then pick whichever looks coolest"
    /// What `/api/version` says.
    public var version = "0.33.0"
    /// Requests that run at once per model, like `OLLAMA_NUM_PARALLEL`; more wait in order of arrival.
    public var slotsPerModel = 1
    /// Requests that may wait per model before 503; nil = no limit, as for a loaded model in Ollama.
    public var maximumWaiting: Int?
    /// Time per token.
    public var tokenDelay: Duration = .zero
    /// Time to load a model that is not loaded, or that is loaded with another context.
    public var loadTime: Duration = .zero
    /// The context of a loaded model when the request names none, in tokens.
    public var defaultContext = 4096
    /// How long an idle model stays loaded when the request does not say.
    public var keepAlive: Duration = .seconds(300)
    /// Misbehaviour from the start.
    public var failure: FailurePlan?
    /// The largest request body in bytes; more is answered with 413.
    public var maximumBody = 64 << 20
    /// Log entries that are kept at least; never more than twice as many.
    public var logLimit = 1024

    /// The most tokens of the answer to the system prompt `LONG`, which otherwise never ends.
    public var longLimit = 100_000

    /// The defaults.
    public init() {}
}
