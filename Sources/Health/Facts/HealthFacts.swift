/// All that the checks look at: values that somebody read a moment ago.
public struct HealthFacts: Sendable {
    /// The nodes that have not left, in a fixed order.
    public var nodes: [NodeFacts] = []
    /// The mesh as the asked peer sees it.
    public var mesh = MeshHealth()
    /// What each peer that answered says of itself, by the order of `nodes`.
    public var digests: [PeerDigest] = []
    /// Peers whose shard did not answer in time.
    public var missing: [MissingShard] = []
    /// The asked peer's version.
    public var version = ""
    /// Its configuration, as far as checks need it.
    public var settings = HealthSettings()

    /// Nothing known.
    public init() {}

    /// The traffic of all shards that answered.
    public var traffic: TrafficDigest {
        digests.reduce(into: TrafficDigest()) { $0.add($1.traffic) }
    }
}

/// A peer that did not say what its shard holds.
public struct MissingShard: Hashable, Sendable {
    /// Its name.
    public var node: String
    /// When it was last heard, seconds since 1970; nil for never.
    public var lastSeen: Double?
    /// Why, in words.
    public var reason: String

    /// A peer that did not answer.
    public init(node: String, lastSeen: Double?, reason: String) {
        self.node = node
        self.lastSeen = lastSeen
        self.reason = reason
    }
}
