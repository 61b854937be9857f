/// How the fleet's keys stand, as this peer sees it: ids and stages, never key bytes.
public struct FleetKeyStatus: Hashable, Sendable, Codable {
    /// One key of this peer's ring.
    public struct Key: Hashable, Sendable, Codable {
        /// Its id.
        public var id: UInt16
        /// How far it has come.
        public var stage: KeyRing.Stage
        /// Seconds since 1970 at which it was made or joined.
        public var createdSeconds: Int64
        /// Seconds since 1970 at which another took its place; nil while it was not replaced.
        public var retiredSeconds: Int64?
    }

    /// Which keys a member has.
    public struct Member: Hashable, Sendable, Codable {
        /// 32 hex digits.
        public var id: String
        /// Its display name.
        public var name: String
        /// It is alive or suspect.
        public var reachable: Bool
        /// The ids in its ring, as its member record says.
        public var keyIDs: [UInt16]
        /// Ids of keys in use or installed here that it does not have.
        public var lacks: [UInt16]
    }

    /// The fleet's name.
    public var fleetName: String
    /// 8 hex digits.
    public var fleetTag: String
    /// There are no keys: anyone who knows the name can join.
    public var openFleet: Bool
    /// Counts the changes of the ring.
    public var version: UInt64
    /// The key in use first.
    public var keys: [Key]
    /// In the order of their ids, this peer included; none in an open fleet.
    public var members: [Member]
    /// Peers that were shut out, 32 hex digits each.
    public var revoked: [String]
    /// A new key is not in use everywhere yet.
    public var rotating: Bool
    /// What has to be done by hand; nil when nothing.
    public var advice: String?
}
