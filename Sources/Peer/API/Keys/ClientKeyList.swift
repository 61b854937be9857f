public import Access

/// The answer of `GET /fleet/client-keys`: neither a key's text nor its digest is in it.
public struct ClientKeyList: Sendable, Codable, Equatable {
    /// One key, and what it has used at this peer.
    public struct Key: Sendable, Codable, Equatable {
        /// Its id.
        public var id: String
        /// Its name.
        public var name: String
        /// Sorted names of scopes; none once it is revoked.
        public var scopes: [String]
        /// Requests that may be under way at once; nil for any number.
        public var concurrency: Int?
        /// Requests in a minute.
        public var requests_per_minute: Int?
        /// Tokens in a day of UTC.
        public var tokens_per_day: Int?
        /// When it was made, seconds since 1970.
        public var created: Int64
        /// When it was revoked; nil while it counts.
        public var revoked: Int64?
        /// Requests under way at this peer.
        public var running: Int
        /// Inference requests that this peer let in with it since its start.
        public var requests: UInt64
        /// Tokens counted at this peer today.
        public var tokens_today: Int

        /// A key with its use.
        public init(_ key: ClientKey, use: KeyUse) {
            id = key.id
            name = key.name
            scopes = key.scopes.map(\.rawValue).sorted()
            concurrency = key.limits.concurrency
            requests_per_minute = key.limits.requestsPerMinute
            tokens_per_day = key.limits.tokensPerDay
            created = key.createdSeconds
            revoked = key.revokedSeconds
            running = use.running
            requests = use.admitted
            tokens_today = use.tokensToday
        }
    }

    /// Requests need a key.
    public var in_force = false
    /// Nobody but the owner may change anything at this peer.
    public var read_only_management = false
    /// All keys by name, revoked ones included.
    public var keys: [Key] = []
    /// Keys that this version of the program cannot read: they let nobody in.
    public var unreadable = 0

    /// No keys.
    public init() {}

    /// The keys of a gate.
    public init(_ gate: AccessGate, at time: AccessTime) {
        let ring = gate.ring
        in_force = ring.isInForce
        read_only_management = gate.isReadOnly
        keys = ring.keys.map { Key($0, use: gate.use(of: $0.id, at: time)) }
        unreadable = ring.unreadable
    }
}
