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
    /// The body could not be read: OpenAI's routes of Ollama then name a charset, which their other errors do not.
    var isUnread = false
    /// Its place in line, where it had to wait.
    var hint: WaitHint?

    init(_ status: Int, _ message: String, retryAfterSeconds: Int? = nil, closes: Bool = false) {
        self.status = status
        self.message = message
        self.retryAfterSeconds = retryAfterSeconds
        self.closes = closes
    }

    /// No machine lists the model: each route in Ollama's own words.
    static func modelNotFound(_ model: String, route: LaneRoute) -> LaneFailure {
        guard isName(model) else { return LaneFailure(400, "invalid model name") }
        switch route {
        case .embed, .embeddings, .openaiEmbeddings:
            return LaneFailure(404, model.isEmpty ? "model '' not found" : "model \"\(model)\" not found, try pulling it first")
        default:
            return LaneFailure(404, "model '\(model)' not found")
        }
    }

    /// The body names no model.
    static func modelMissing(route: LaneRoute) -> LaneFailure {
        switch route {
        case .generate, .embed, .openaiEmbeddings: LaneFailure(404, "model '' not found")
        case .herdTranscribe:
            LaneFailure(404, "no machine of the fleet has a model that transcribes: name one in the field 'model'")
        default: LaneFailure(400, "model is required")
        }
    }

    /// The request has no body.
    static func noBody(route: LaneRoute) -> LaneFailure {
        var failure = LaneFailure(400, route.dialect == .ollama ? "missing request body" : "EOF")
        failure.isUnread = true
        return failure
    }

    /// What Ollama takes for a model's name. Other engines have others: asked only where no machine lists the model.
    static func isName(_ model: String) -> Bool {
        model.utf8.count <= 350
            && model.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: ".-_:/".utf8.contains(byte)
                }
            }
    }
}
