internal import Gossip
internal import NIOCore
internal import Routing

/// One machine being tried for a request.
final class Attempt {
    /// Counted from 1 over the request.
    let number: Int
    /// The machine as ranked; nil at a target, which does not rank.
    let candidate: Candidate?
    /// The machine's name.
    let node: String
    /// The machine.
    let peer: PeerID
    /// The engine, when it is one of this machine.
    var backend: LocalBackend? { didSet { isLocal = backend != nil } }
    /// It is one of this machine.
    private(set) var isLocal: Bool
    /// Where to connect.
    var address: SocketAddress?
    /// `Host`.
    var host: String
    /// The model by its canonical name.
    let model: String
    /// When it began.
    let started: Instant
    /// When its slot came free, where it waited for one.
    var servedSince: Instant?
    /// It was counted as dispatched.
    var isDispatched = false
    /// A kept connection was found closed and a fresh one is used instead; once per attempt.
    var isReconnected = false
    /// Where its machine and model are counted, once it is dispatched.
    var figures: Int?
    /// The target said that it admitted the request.
    var isAdmitted = false
    /// It was let in beyond the slots that are assumed, to see what the engine does with it.
    var isTrial = false
    /// What its engine gets in place of what the client sent; nil for nothing.
    var rewrite: AttemptRewrite?

    /// The model's key.
    let key: ModelKey

    init(
        number: Int, candidate: Candidate?, node: String, peer: PeerID, backend: LocalBackend? = nil, host: String = "",
        model: String, started: Instant
    ) {
        self.number = number
        self.candidate = candidate
        self.node = node
        self.peer = peer
        self.backend = backend
        isLocal = backend != nil
        address = backend?.address
        self.host = backend?.authority ?? host
        self.model = model
        key = candidate?.key ?? ModelKey(name: model)
        self.started = started
    }

}
