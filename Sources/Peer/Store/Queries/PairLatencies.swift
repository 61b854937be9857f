/// The latest latencies of one model on one node, from which the router learns at start.
public struct PairLatencies: Sendable, Hashable {
    /// The node.
    public var nodeID: String
    /// The model.
    public var modelName: String
    /// Milliseconds, oldest first.
    public var latenciesMilliseconds: [Double]

    /// All facts.
    public init(nodeID: String, modelName: String, latenciesMilliseconds: [Double]) {
        self.nodeID = nodeID
        self.modelName = modelName
        self.latenciesMilliseconds = latenciesMilliseconds
    }
}
