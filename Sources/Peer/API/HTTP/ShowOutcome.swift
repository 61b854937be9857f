public import NIOCore

/// What came of asking a node for a model's details.
public enum ShowOutcome: Sendable {
    /// A node's engine answered.
    case answered(node: String, status: Int, contentType: String, body: ByteBuffer)
    /// No reachable node has the model.
    case unknownModel
    /// Nodes have it, and none answered; says why.
    case failed(String)
}
