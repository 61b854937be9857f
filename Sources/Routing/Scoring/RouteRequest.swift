public import Gossip

/// What scoring needs to know of a request.
public struct RouteRequest: Hashable, Sendable {
    /// The model as the client wrote it.
    public var model: String
    /// Models to take when nobody can serve `model`, in this order.
    public var fallbackModels: [String]
    /// What is asked.
    public var kind: InferenceKind
    /// It carries images.
    public var hasImages: Bool
    /// It carries sound.
    public var hasAudio = false
    /// It carries tools.
    public var hasTools: Bool
    /// The prompt, estimated in tokens (herd-compat §6.1); 0 for unknown.
    public var estimatedTokens: Int
    /// `options.num_ctx` where the client gave it.
    public var requestedContext: Int?
    /// Hash of the conversation, for affinity; nil without one.
    public var session: UInt64?
    /// Hash of the prompt's head (system text and tools), for affinity; nil below 2,000 estimated tokens (herd-compat §6.3).
    public var prefix: UInt64?
    /// Only an engine that has Ollama's own routes can answer: nothing is translated.
    public var needsOllama: Bool
    /// Of a machine's engines that are equally ready, one with Ollama's own routes goes first: it needs no translation.
    public var prefersOllama: Bool
    /// It wants the model's thoughts.
    public var wantsThoughts: Bool
    /// It wants what stands between two texts.
    public var fillsIn: Bool
    /// Whether a model may answer that nobody named.
    public var substitution: Substitution
    /// Peers that failed this request already.
    public var excluded: [PeerID]

    /// A request for `model`.
    public init(model: String, kind: InferenceKind) {
        self.model = model
        fallbackModels = []
        self.kind = kind
        hasImages = false
        hasTools = false
        estimatedTokens = 0
        requestedContext = nil
        session = nil
        prefix = nil
        needsOllama = false
        prefersOllama = false
        wantsThoughts = false
        fillsIn = false
        substitution = .never
        excluded = []
    }
}
