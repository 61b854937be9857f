/// How a pull stands that somebody ordered for one node.
public enum NodePull: Sendable, Equatable {
    /// It has begun, or runs already; percent where that is known.
    case pulling(percent: Int?)
    /// The model is there.
    case here
    /// No node has the name; those that there are.
    case unknownNode(known: [String])
    /// It could not be; says why.
    case failed(String)
}
