/// Turns one request of a client into the engine's dialect and the engine's answer into the client's.
///
/// A value without clock, socket or lock. The order is `request`, `response`, `feed` for each piece, `finish`; what a client is
/// told of a failure comes from `abort`, `errorBody`. What it makes does not depend on where the pieces are cut.
public struct Translator: Sendable {
    /// What the client asked for.
    public let route: ClientRoute
    /// What the engine speaks.
    public let engine: EngineDialect
    let context: TranslationContext
    let limits: TranslationLimits
    var ids: IDMaker
    var setting: AnswerSetting
    var phase = Phase.request
    var writer: (any AnswerWriter)?
    /// What came of a whole body, or of an error's.
    var body: [UInt8] = []
    var events: SSEReader
    var lines: LineCutter
    var openai: OpenAIAnswerReader
    var ollama: OllamaAnswerReader

    /// The head for the client: after `response`, and after `finish` where it does not stream.
    public internal(set) var head = TranslatedHead(status: 200, contentType: "application/json; charset=utf-8", streams: false)
    /// The tokens, once the engine has counted them.
    public internal(set) var usage = TokenUsage()
    /// Why the model stopped, in Ollama's word, once the engine has said.
    public internal(set) var finishReason: String?

    /// How the engine's answer is read.
    enum Phase: Sendable {
        /// Before `response`.
        case request
        /// SSE of OpenAI's.
        case events
        /// Lines of Ollama's.
        case lines
        /// A whole body.
        case whole
        /// The body of an error.
        case error
        /// The terminal marker was seen.
        case complete
        /// It failed.
        case failed
    }

    /// A translation of one request.
    public init(
        route: ClientRoute, engine: EngineDialect, context: TranslationContext, limits: TranslationLimits = TranslationLimits()
    ) {
        self.route = route
        self.engine = engine
        self.context = context
        self.limits = limits
        ids = IDMaker(seed: ~context.idSeed)
        events = SSEReader(limit: limits.maximumLineBytes)
        lines = LineCutter(limit: limits.maximumLineBytes)
        openai = OpenAIAnswerReader(limits: limits)
        ollama = OllamaAnswerReader(limits: limits)
        setting = AnswerSetting(
            route: route, model: "", streams: false, context: context, limits: limits, estimatedTokens: 1)
    }

    /// Whether there is something to turn: an engine that speaks the client's dialect is asked with the client's own bytes.
    public static func translates(_ route: ClientRoute, for engine: EngineDialect) -> Bool {
        switch route.family {
        case .ollama: engine != .ollama || route == .herdImage
        case .anthropic, .openai: true
        }
    }

    /// The engine's answer ended with its terminal marker, or as a whole.
    public var isComplete: Bool { if case .complete = phase { true } else { false } }

    /// What a client is told as a whole body, before anything was sent.
    public mutating func errorBody(_ error: TranslationError) -> [UInt8] {
        ErrorBody.json(error, family: route.family, ids: &ids).bytes
    }

    /// What a client is told as the last event of a stream that cannot go on.
    ///
    /// - Parameter elapsed: since the request was accepted.
    public mutating func abort(_ error: TranslationError, elapsed: Duration) -> [UInt8] {
        phase = .failed
        return writer?.abort(error, at: elapsed) ?? errorBody(error)
    }
}
