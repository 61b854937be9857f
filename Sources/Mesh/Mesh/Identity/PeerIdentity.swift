public import Gossip

/// Who this peer is for the life of one process.
public struct PeerIdentity: Hashable, Sendable {
    /// Its id, made once per state directory.
    public var id: PeerID
    /// Its boot counter: one more than at the start before, on disk before the first packet.
    public var generation: UInt32
    /// What to tell people about how it came about.
    public var notices: [IdentityNotice]
}
