/// Entries of a peer's history, for logs, metrics and checkers.
public enum HerdNote: Sendable, Hashable {
    /// Election and lease.
    case lease(LeaseNote)
    /// A member's status changed.
    case status(PeerID, from: MemberStatus?, to: MemberStatus)
    /// This peer itself was suspected and answered with a new incarnation.
    case refuted(incarnation: UInt32)
    /// Somebody else lives under this peer's id: two live addresses, or a higher generation than its own.
    case identityClash(Endpoint)
    /// A peer speaks no protocol version that this one does: one of the two must be updated.
    case incompatible(PeerID, versions: ClosedRange<UInt8>)
}
