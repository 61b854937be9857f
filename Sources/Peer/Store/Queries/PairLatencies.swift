/// The latest latencies of one model on one node, from which the router learns at start.
public struct PairLatencies: Sendable, Hashable {
    public var nodeID: String
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
