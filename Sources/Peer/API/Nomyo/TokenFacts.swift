/// Tokens as this peer's shard has them, for NOMYO Router's pages.
public struct TokenFacts: Sendable {
    /// Tokens of one model on one node.
    public struct Total: Sendable, Hashable {
        /// The node's name.
        public var node: String
        /// The model.
        public var model: String
        /// Prompt tokens.
        public var input: Int
        /// Answer tokens.
        public var output: Int

        /// A total.
        public init(node: String, model: String, input: Int, output: Int) {
            self.node = node
            self.model = model
            self.input = input
            self.output = output
        }
    }

    /// Tokens of one node in one minute.
    public struct Minute: Sendable, Hashable {
        /// The node's name.
        public var node: String
        /// The minute's begin, seconds since 1970.
        public var begin: Int
        /// Prompt tokens.
        public var input: Int
        /// Answer tokens.
        public var output: Int

        /// A minute.
        public init(node: String, begin: Int, input: Int, output: Int) {
            self.node = node
            self.begin = begin
            self.input = input
            self.output = output
        }
    }

    /// All tokens so far.
    public var totals: @Sendable () async throws -> [Total] = { [] }
    /// A model's, newest first. The name is canonical, as in `totals`.
    public var minutes: @Sendable (_ model: String) async throws -> [Minute] = { _ in [] }
    /// Days of a model on a node before a moment, seconds since 1970.
    public var days: @Sendable (_ before: Double) async throws -> Int = { _ in 0 }

    /// No tokens.
    public init() {}
}
