import Gossip

/// What is known of one engine now.
struct BackendState: Hashable, Sendable {
    var reachable = false
    /// Why it is not reachable; nil while it is.
    var problem: BackendProblem?
    var facts = EngineFacts()
}
