public import Gossip
import OrderedCollections

/// Contexts that follow from what requests really needed (`dynamic_num_ctx`): for requests that name none, of models that nobody
/// configured one for.
public struct LearnedContexts: Sendable {
    /// What the fleet's requests of one model needed.
    public struct Usage: Hashable, Sendable {
        /// The model by its canonical name.
        public var model: String
        /// The context that would do, tokens.
        public var tokens: Int
        /// Requests that this follows from.
        public var requests: Int

        /// A model's usage.
        public init(model: String, tokens: Int, requests: Int) {
            self.model = model
            self.tokens = tokens
            self.requests = requests
        }
    }

    /// A context that goes into a request.
    public struct Choice: Hashable, Sendable {
        /// Its tokens.
        public var tokens: Int
        /// Although more is in memory.
        public var reduces: Bool
    }

    /// Requests after which a model is loaded with what they needed.
    public static let requestsToLoad = 50
    /// Requests after which a context in memory is made smaller.
    public static let requestsToReduce = 20
    /// A context in memory is made smaller only where it is more than so many times what is needed.
    public static let waste = 4
    /// A model's context is made smaller once in this time.
    public static let pause: Duration = .seconds(1_800)
    /// All requests that come within this time of the first do it together: lists of what is in memory come late.
    public static let together: Duration = .seconds(60)
    static let limit = 256

    private var usages = OrderedDictionary<String, Usage>()
    private var reducedAt = OrderedDictionary<ResidentModel.Key, Instant>()

    /// Nothing is learnt.
    public init() {}

    /// Takes over what is known now, in place of what was known before.
    public mutating func take(_ new: [Usage]) {
        usages = [:]
        for usage in new.prefix(Self.limit) where usage.tokens > 0 { usages[usage.model] = usage }
    }

    /// What goes into a request that names no context; nil for nothing.
    ///
    /// - Parameters:
    ///   - resident: the model as it is at the engine.
    ///   - asked: the number that the runner in memory was asked for with, if that is known. What somebody asked for is not made
    ///     smaller: he would ask again.
    ///   - needed: the request as estimated, tokens. It is not pressed into less.
    public mutating func choice(
        of model: String, backend: String, resident: ResidentModel, asked: Int?, needed: Int, now: Instant
    ) -> Choice? {
        guard let usage = usages[model], !resident.isAmbiguous, needed < usage.tokens else { return nil }
        let tokens = min(usage.tokens, resident.trained ?? .max)
        guard let loaded = asked ?? resident.context, loaded >= tokens else {
            return usage.requests >= Self.requestsToLoad ? Choice(tokens: tokens, reduces: false) : nil
        }
        guard asked == nil, loaded > Self.waste * tokens, usage.requests >= Self.requestsToReduce else { return nil }
        let key = ResidentModel.Key(backend: backend, model: model)
        if let before = reducedAt[key] {
            if now - before < Self.together { return Choice(tokens: tokens, reduces: true) }
            guard now - before >= Self.pause else { return nil }
            reducedAt.removeValue(forKey: key)
        }
        if reducedAt.count >= Self.limit { reducedAt.removeFirst() }
        reducedAt[key] = now
        return Choice(tokens: tokens, reduces: true)
    }
}
