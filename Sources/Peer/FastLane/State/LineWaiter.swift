internal import Gossip

/// What is known of a request in line besides its place.
struct LineWaiter: Sendable {
    /// The request's id.
    var request: String
    /// The model that would serve it.
    var model: String
    /// The machine that was best for it.
    var node: String
    /// What it waits for.
    var reason: QueueReason
    /// When it gives up.
    var deadline: Instant
    /// It shall try again.
    var wake: Wake
}
