/// The API family that a caller speaks, as far as errors about keys go.
public enum RefusalDialect: Sendable, Hashable {
    /// `{"error":"…"}`; also for the fleet's own routes.
    case ollama
    /// `{"error":{"message":…,"type":…,"param":null,"code":…}}`
    case openai
    /// `{"type":"error","error":{"type":…,"message":…}}`
    case anthropic

    /// The family of a request.
    ///
    /// - Parameter hasAnthropicVersion: it has the header `anthropic-version`, which only Anthropic's clients send; some paths,
    ///   such as `/v1/models`, are in both families.
    public init(path: Substring, hasAnthropicVersion: Bool) {
        if hasAnthropicVersion || path == "/v1/messages" || path.hasPrefix("/v1/messages/") {
            self = .anthropic
        } else {
            self = path.hasPrefix("/v1/") || path == "/rerank" || path == "/v2/rerank" ? .openai : .ollama
        }
    }
}
