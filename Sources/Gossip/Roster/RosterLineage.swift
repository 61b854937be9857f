/// Where a roster began: all its versions have the same. Versions are comparable within one lineage only.
public struct RosterLineage: Hashable, Sendable, Codable {
    /// The peer that founded it.
    public var founder: PeerID
    /// The founder's epoch; 0 for the roster that a peer is born with.
    public var epoch: UInt64

    /// A lineage.
    public init(founder: PeerID, epoch: UInt64 = 0) {
        self.founder = founder
        self.epoch = epoch
    }
}
