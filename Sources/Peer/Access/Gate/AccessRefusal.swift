/// Why a request was not let in: a status, words that say what to do, and a body in the caller's own form.
public struct AccessRefusal: Error, Sendable, Hashable {
    /// The kinds of refusals, under the names that `/metrics` gives them.
    public enum Reason: String, CaseIterable, Sendable, Hashable {
        /// No key was shown.
        case missing
        /// The key is none of the fleet's, or was revoked.
        case unknown
        /// The key is not for this.
        case scope
        /// As many requests as the key may have are under way.
        case concurrency
        /// The key's requests of this minute are used up.
        case rate
        /// The key's tokens of this day are used up.
        case tokens
        /// This peer changes nothing on behalf of clients.
        case readOnly = "read_only"
        /// This peer has not read the fleet's keys yet.
        case starting
    }

    /// Which kind.
    public let reason: Reason
    /// What happened and what to do; without quotes, control characters or anything else that JSON would have to escape.
    public let message: String
    /// Whole seconds after which it may be different; nil when time alone changes nothing.
    public let retryAfterSeconds: Int?

    init(_ reason: Reason, _ message: String, retryAfterSeconds: Int? = nil) {
        self.reason = reason
        self.message = message
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// The HTTP status.
    public var status: Int {
        switch reason {
        case .missing, .unknown: 401
        case .scope, .readOnly: 403
        case .concurrency, .rate, .tokens: 429
        case .starting: 503
        }
    }

    /// Headers besides those of the body: when to come back, and how to show a key (RFC 6750 §3).
    public var headers: [(String, String)] {
        var all: [(String, String)] = []
        if let retryAfterSeconds { all.append(("Retry-After", "\(retryAfterSeconds)")) }
        switch reason {
        case .missing: all.append(("WWW-Authenticate", "Bearer realm=\"herd-peer\""))
        case .unknown: all.append(("WWW-Authenticate", "Bearer realm=\"herd-peer\", error=\"invalid_token\""))
        case .scope: all.append(("WWW-Authenticate", "Bearer realm=\"herd-peer\", error=\"insufficient_scope\""))
        default: break
        }
        return all
    }

    /// The JSON body, as the API family that was called writes its errors.
    public func body(_ dialect: RefusalDialect) -> String {
        switch dialect {
        case .ollama: "{\"error\":\"\(message)\"}"
        case .openai:
            "{\"error\":{\"message\":\"\(message)\",\"type\":\"\(openAIType)\",\"param\":null,\"code\":\"\(openAICode)\"}}"
        case .anthropic: "{\"type\":\"error\",\"error\":{\"type\":\"\(anthropicType)\",\"message\":\"\(message)\"}}"
        }
    }

    private var openAIType: String {
        switch reason {
        case .missing, .unknown, .scope, .readOnly: "invalid_request_error"
        case .concurrency, .rate: "requests"
        case .tokens: "tokens"
        case .starting: "api_error"
        }
    }

    private var openAICode: String {
        switch reason {
        case .missing, .unknown: "invalid_api_key"
        case .scope: "missing_scope"
        case .concurrency, .rate, .tokens: "rate_limit_exceeded"
        case .readOnly: "read_only"
        case .starting: "starting"
        }
    }

    private var anthropicType: String {
        switch reason {
        case .missing, .unknown: "authentication_error"
        case .scope, .readOnly: "permission_error"
        case .concurrency, .rate, .tokens: "rate_limit_error"
        case .starting: "overloaded_error"
        }
    }
}
