/// What may be changed in a request before an engine gets it. Everything else of a body reaches the engine as it came.
public struct RewriteRules: Hashable, Sendable {
    /// What is done about `num_ctx`.
    public var context = ContextMode.strip
    /// Canonical model names, and the `num_ctx` that goes into requests that name none; sorted by name.
    public var contexts: [ContextOverride] = []
    /// Room for a thinking model's thoughts.
    public var thinking = ThinkingBudget()
    /// The `keep_alive` of requests that name none, as JSON; nil leaves them without.
    public var keepAlive: String?
    /// Fields that are meant for the fleet do not reach an engine.
    public var takesOutOwnFields = true

    /// ollama-herd's defaults, but for `keep_alive`, which is left alone.
    public init() {}

    /// Nothing is changed.
    public static let none: RewriteRules = {
        var rules = RewriteRules()
        rules.context = .passthrough
        rules.thinking.overhead = 1
        rules.takesOutOwnFields = false
        return rules
    }()

    /// One line of `FLEET_NUM_CTX_OVERRIDES`.
    public struct ContextOverride: Hashable, Sendable {
        /// The model by its canonical name.
        public var model: String
        /// Its context, tokens.
        public var tokens: Int

        /// A line.
        public init(model: String, tokens: Int) {
            self.model = model
            self.tokens = tokens
        }
    }

    /// The context that is configured for a model, by its canonical name.
    public func context(of model: String) -> Int? { contexts.first { $0.model == model }?.tokens }
}
