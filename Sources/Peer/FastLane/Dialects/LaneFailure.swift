/// A refusal or failure that the client is told of, before the dialect shapes it.
struct LaneFailure: Error, Equatable {
    /// The HTTP status.
    var status: Int
    /// What happened and what to do.
    var message: String
    /// Whole seconds for `Retry-After`; nil for none.
    var retryAfterSeconds: Int?
    /// The connection cannot be used again: its framing is lost or the rest of the body is too much to read.
    var closes = false
    /// The client is wrong: no other machine would answer otherwise.
    var isFinal = false

    init(_ status: Int, _ message: String, retryAfterSeconds: Int? = nil, closes: Bool = false) {
        self.status = status
        self.message = message
        self.retryAfterSeconds = retryAfterSeconds
        self.closes = closes
    }

    /// No machine lists the model: each route in Ollama's own words.
    static func modelNotFound(_ model: String, route: LaneRoute) -> LaneFailure {
        switch route {
        case .embed, .embeddings, .openaiEmbeddings:
            LaneFailure(404, model.isEmpty ? "model '' not found" : "model \"\(model)\" not found, try pulling it first")
        default:
            LaneFailure(404, "model '\(model)' not found")
        }
    }

    /// The body names no model.
    static func modelMissing(route: LaneRoute) -> LaneFailure {
        switch route {
        case .generate, .embed: LaneFailure(404, "model '' not found")
        default: LaneFailure(400, "model is required")
        }
    }

    /// The request has no body.
    static func noBody(route: LaneRoute) -> LaneFailure {
        LaneFailure(400, route.dialect == .ollama ? "missing request body" : "EOF")
    }
}
