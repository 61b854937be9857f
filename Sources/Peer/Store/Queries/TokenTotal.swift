/// All tokens of one model on one node. Coding keys are the names of the query's columns.
public struct TokenTotal: Sendable, Hashable, Codable {
    /// The node.
    public var nodeID: String
    /// The model.
    public var model: String
    /// Prompt tokens.
    public var promptTokens: Int
    /// Answer tokens.
    public var completionTokens: Int

    enum CodingKeys: String, CodingKey {
        case nodeID = "node_id"
        case model
        case promptTokens = "total_prompt_tokens"
        case completionTokens = "total_completion_tokens"
    }
}
