import GRDB

/// How long one finished request took on a node: a row of `latency_observations`.
public struct LatencyObservation: Sendable, Hashable, Codable {
    /// The node.
    public var nodeID: String
    /// The model.
    public var modelName: String
    /// From arrival to end, milliseconds.
    public var latencyMilliseconds: Double
    /// Prompt tokens by the engine's count.
    public var promptTokens: Int?
    /// Answer tokens by the engine's count.
    public var completionTokens: Int?
    /// Seconds since 1970.
    public var timestamp: Double

    /// All facts of the row.
    public init(
        nodeID: String, modelName: String, latencyMilliseconds: Double, promptTokens: Int?, completionTokens: Int?,
        timestamp: Double
    ) {
        self.nodeID = nodeID
        self.modelName = modelName
        self.latencyMilliseconds = latencyMilliseconds
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.timestamp = timestamp
    }

    enum CodingKeys: String, CodingKey {
        case nodeID = "node_id"
        case modelName = "model_name"
        case latencyMilliseconds = "latency_ms"
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
        case timestamp
    }
}

extension LatencyObservation {
    /// The insert; `tokens_generated` is the older name of `completion_tokens` and gets the same value.
    static let insertSQL = """
        INSERT INTO latency_observations
            (node_id, model_name, latency_ms, tokens_generated, timestamp, prompt_tokens, completion_tokens)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """

    /// The values in the order of ``insertSQL``.
    var insertArguments: StatementArguments {
        [nodeID, modelName, latencyMilliseconds, completionTokens, timestamp, promptTokens, completionTokens]
    }
}
