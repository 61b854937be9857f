/// What became of the requests of one node and model in one span.
public struct TrafficCounts: Hashable, Sendable, Codable {
    /// Requests that ended well.
    public var completed = 0
    /// Requests that failed.
    public var failed = 0
    /// Failed attempts that another one followed: no requests of their own.
    public var retried = 0
    /// Requests whose client went away.
    public var disconnected = 0
    /// Answers without their end.
    public var incomplete = 0
    /// Answers without a token.
    public var empty = 0
    /// Requests that were refused before any machine was tried.
    public var rejected = 0
    /// Requests that another model served.
    public var substituted = 0
    /// First tokens that have a time.
    public var firstTokens = 0
    /// Their times, milliseconds.
    public var firstTokenSum = 0.0
    /// First tokens that took more than 40 s: the model was loaded meanwhile.
    public var coldLoads = 0
    /// Attempts that failed after more than 120 s.
    public var loadTimeouts = 0
    /// Embeddings asked for.
    public var embeddings = 0
    /// Those that failed.
    public var embeddingsFailed = 0
    /// Pictures asked for.
    public var images = 0
    /// Those that failed.
    public var imagesFailed = 0
    /// Recordings asked for.
    public var transcriptions = 0
    /// Those that failed.
    public var transcriptionsFailed = 0
    /// Requests in Anthropic's form.
    public var anthropic = 0
    /// Those for a vendor's model that nobody answered.
    public var anthropicFailed = 0
    /// Requests whose context was changed to what is in memory.
    public var contextsKept = 0
    /// Requests that made an engine load a model anew, for more context.
    public var contextReloads = 0
    /// Prompts that were longer than the context.
    public var contextOverflows = 0
    /// Milliseconds per token after the first.
    public var tokenTimes = LogHistogram()
    /// Tokens of prompt and answer.
    public var tokens = LogHistogram()
    /// Tokens of the prompt.
    public var promptTokens = LogHistogram()

    /// Nothing.
    public init() {}

    /// Requests in all.
    public var requests: Int { completed + failed + disconnected + incomplete + empty + rejected }
    /// Requests that failed by a fault of ours.
    public var failures: Int { failed + incomplete + empty + rejected }

    /// Adds another's.
    public mutating func add(_ other: TrafficCounts) {
        for field in Self.fields { self[keyPath: field] += min(max(0, other[keyPath: field]), 1 << 40) }
        if other.firstTokenSum.isFinite { firstTokenSum += other.firstTokenSum }
        tokenTimes.add(other.tokenTimes)
        tokens.add(other.tokens)
        promptTokens.add(other.promptTokens)
    }

    /// So many requests of one status, in the words of the traces.
    public mutating func add(status: String, requests: Int) {
        switch status {
        case "completed": completed += requests
        case "failed": failed += requests
        case "retried": retried += requests
        case "client_disconnected": disconnected += requests
        case "incomplete": incomplete += requests
        case "no_output": empty += requests
        case "rejected": rejected += requests
        default: break
        }
    }

    private static var fields: [WritableKeyPath<TrafficCounts, Int>] {
        [
            \.completed, \.failed, \.retried, \.disconnected, \.incomplete, \.empty, \.rejected, \.substituted, \.firstTokens,
            \.coldLoads, \.loadTimeouts, \.embeddings, \.embeddingsFailed, \.images, \.imagesFailed, \.transcriptions,
            \.transcriptionsFailed, \.anthropic, \.anthropicFailed, \.contextsKept, \.contextReloads, \.contextOverflows,
        ]
    }
}
