/// An address that this peer dials or has dialled, for status pages (mesh protocol §6.3).
public struct DialState: Hashable, Sendable {
    /// Where.
    public var endpoint: Endpoint
    /// Who named it.
    public var source: AddressSource
    /// Dials so far.
    public var tries: Int
    /// When it is dialled next; nil while the peer behind it is a live member.
    public var dueAt: Instant?
    /// Who answered there last; nil so far nobody.
    public var answeredBy: PeerID?
}
