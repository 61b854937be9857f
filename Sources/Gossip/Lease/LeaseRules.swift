/// Election and lease of one peer (mesh protocol §7): voter and candidate in one value.
///
/// It knows peers by id only; `Herd` maps its messages to datagrams. Placeholder: rules follow.
public struct LeaseRules: Sendable {
    /// Rules for the peer `selfID`. `freshIdentity`: this state directory never granted anything.
    public init(
        selfID: PeerID, candidacy: Candidacy, durable: DurableLease, configuration: LeaseConfiguration, seed: UInt64, now: Instant
    ) {
    }

    /// Applies one event.
    public mutating func handle(_ event: LeaseEvent, now: Instant) -> [LeaseAction] { [] }

    /// When `handle(.wake)` wants to be called next.
    public var nextWake: Instant { .distantFuture }

    /// This peer holds unexpired grants from more than half of its view.
    public func isRouter(now: Instant) -> Bool { false }

    /// The router and epoch that this peer obeys; nil while it grants nobody or the grant has run out.
    public func obeyed(now: Instant) -> (router: PeerID, epoch: UInt64)? { nil }

    /// Until when this peer, as router, may command `peer`; nil when it may not.
    public func validUntil(_ peer: PeerID, now: Instant) -> Instant? { nil }

    /// What this peer announces while it is router.
    public func announcement(now: Instant) -> LeaseRecord? { nil }

    /// Whether a command that carries this fence may have an effect here now (I1, I3).
    public func admits(epoch: UInt64, router: PeerID, now: Instant) -> Bool { false }
}
