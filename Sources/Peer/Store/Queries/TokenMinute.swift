/// The tokens of one model on one node in one minute. Coding keys are the names of the query's columns.
public struct TokenMinute: Sendable, Hashable, Codable {
    /// The node.
    public var nodeID: String
    /// The minute's begin, seconds since 1970.
    public var minuteBucket: Int
    /// Prompt tokens.
    public var promptTokens: Int
    /// Answer tokens.
    public var completionTokens: Int

    /// All facts.
    public init(nodeID: String, minuteBucket: Int, promptTokens: Int, completionTokens: Int) {
        self.nodeID = nodeID
        self.minuteBucket = minuteBucket
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
    }

    enum CodingKeys: String, CodingKey {
        case nodeID = "node_id"
        case minuteBucket = "minute_bucket"
        case promptTokens = "total_prompt_tokens"
        case completionTokens = "total_completion_tokens"
    }
}
