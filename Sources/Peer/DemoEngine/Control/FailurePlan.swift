/// Misbehaviour of the inference routes, for tests of those who call them.
public struct FailurePlan: Sendable, Hashable, Codable {
    /// What goes wrong.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// 500 with an error in the caller's dialect.
        case status500
        /// 503 with Ollama's words for a full queue.
        case busy503
        /// The connection is closed and no byte was sent.
        case closeBeforeFirstByte
        /// The connection is closed after some tokens, without a terminal marker.
        case closeMidStream
        /// The runner dies after some tokens: what a real server then says in each dialect.
        case errorMidStream
        /// No answer until the client leaves.
        case hang
        /// The answer begins late.
        case slowFirstByte
    }

    /// What goes wrong.
    public var kind: Kind
    /// Every n-th request from now; 1 = all. Ignored when `next` is given.
    public var every: Int?
    /// The next k requests, then none.
    public var next: Int?
    /// Tokens before a failure in mid-stream.
    public var afterTokens: Int?
    /// The wait of `slowFirstByte`, milliseconds.
    public var delayMilliseconds: Int?

    /// A plan; without `every` and `next` all requests fail.
    public init(kind: Kind, every: Int? = nil, next: Int? = nil, afterTokens: Int? = nil, delayMilliseconds: Int? = nil) {
        self.kind = kind
        self.every = every
        self.next = next
        self.afterTokens = afterTokens
        self.delayMilliseconds = delayMilliseconds
    }

    private enum CodingKeys: String, CodingKey {
        case kind
        case every
        case next
        case afterTokens = "after_tokens"
        case delayMilliseconds = "delay_ms"
    }
}
