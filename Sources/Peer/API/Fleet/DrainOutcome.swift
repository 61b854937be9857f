/// What came of an order to drain a node or to end that.
public enum DrainOutcome: Sendable, Equatable {
    /// It is written: by the router for the whole `fleet`, or by this peer alone (`local`) while there is no router.
    case done(node: String, scope: String)
    /// No node has that name.
    case unknownNode(known: [String])
    /// Nothing was changed, in words.
    case refused(String)
}
