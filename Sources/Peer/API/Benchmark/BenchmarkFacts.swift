public import Store

/// What a benchmark needs of its peer.
public struct BenchmarkFacts: Sendable {
    /// What one request came to.
    public struct Sample: Sendable {
        /// The node that served; empty where none did.
        public var node: String
        /// It was answered.
        public var isAnswered: Bool
        /// From sending to the end, milliseconds.
        public var latency: Double
        /// From sending to the first byte of the answer, milliseconds.
        public var firstToken: Double
        /// Tokens of the prompt.
        public var promptTokens: Int
        /// Tokens of the answer.
        public var completionTokens: Int

        /// A request.
        public init(
            node: String, isAnswered: Bool, latency: Double, firstToken: Double, promptTokens: Int, completionTokens: Int
        ) {
            self.node = node
            self.isAnswered = isAnswered
            self.latency = latency
            self.firstToken = firstToken
            self.promptTokens = promptTokens
            self.completionTokens = completionTokens
        }
    }

    /// Sends one request for a model through this peer's own client port, tagged `benchmark`.
    public var send: @Sendable (_ model: String, _ isEmbedding: Bool) async -> Sample = { _, _ in
        Sample(node: "", isAnswered: false, latency: 0, firstToken: 0, promptTokens: 0, completionTokens: 0)
    }
    /// Keeps a run.
    public var save: @Sendable (BenchmarkRow) async throws -> Void = { _ in throw PeerFacts.NotServed() }
    /// The newest runs.
    public var list: @Sendable (_ limit: Int) async throws -> [BenchmarkRow] = { _ in [] }
    /// One run.
    public var run: @Sendable (_ id: String) async throws -> BenchmarkRow? = { _ in nil }

    /// Nothing to measure.
    public init() {}
}
