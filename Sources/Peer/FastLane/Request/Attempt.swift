internal import Gossip
internal import NIOCore
internal import Routing

/// One machine being tried for a request.
struct Attempt {
    /// Counted from 1 over the request.
    var number: Int
    /// The machine as ranked; nil at a target, which does not rank.
    var candidate: Candidate?
    /// The machine's name.
    var node: String
    /// The machine.
    var peer: PeerID
    /// The engine, when it is one of this machine.
    var backend: LocalBackend?
    /// Where to connect.
    var address: SocketAddress?
    /// `Host`.
    var host: String
    /// The model by its canonical name.
    var model: String
    /// When it began.
    var started: Instant
    /// It was counted as dispatched.
    var isDispatched = false
    /// A kept connection was found closed and a fresh one is used instead; once per attempt.
    var isReconnected = false
    /// The target said that it admitted the request.
    var isAdmitted = false
    /// What its engine gets in place of what the client sent; nil for nothing.
    var rewrite: AttemptRewrite?

    var isLocal: Bool { backend != nil }
}
