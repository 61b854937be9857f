/// Whose shards an answer covers.
public struct ShardCoverage: Sendable, Hashable, Codable {
    /// A shard that did not answer.
    public struct Missing: Sendable, Hashable, Codable {
        /// Its node.
        public var node_id: String
        /// When the node was last heard, seconds since 1970; nil when never.
        public var last_seen: Double?
        /// Why, in words.
        public var reason: String
        /// The node whose copy of its daily totals is in the answer instead; nil where there is none, or where days do not serve.
        public var replica_of_days_at: String?
        /// When that copy was made, seconds since 1970.
        public var replica_as_of: Double?

        /// A shard that did not answer.
        public init(node_id: String, last_seen: Double?, reason: String) {
            self.node_id = node_id
            self.last_seen = last_seen
            self.reason = reason
        }
    }

    /// Shards in the answer.
    public var answered: Int
    /// Shards of the fleet.
    public var total: Int
    /// The others, by name.
    public var missing: [Missing]

    /// What is covered.
    public init(answered: Int, total: Int, missing: [Missing]) {
        self.answered = answered
        self.total = total
        self.missing = missing
    }
}
