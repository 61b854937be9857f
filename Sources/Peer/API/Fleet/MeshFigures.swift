/// The mesh as `/fleet/status` and `/metrics` show it, beyond what the view holds.
public struct MeshFigures: Sendable, Encodable {
    /// One `--router-url` and how it stands.
    public struct Seed: Sendable, Encodable {
        /// As it was written.
        public var url: String
        /// `joined`, `dialling` or `refused`.
        public var state: String
        /// The peer behind it, or the last error, in words.
        public var detail: String

        /// A seed.
        public init(url: String, state: String, detail: String) {
            self.url = url
            self.state = state
            self.detail = detail
        }
    }

    /// One of the fleet's keys, without the key.
    public struct Key: Sendable, Encodable {
        /// Its id.
        public var id: UInt16
        /// `installed`, `active` or `retiring`.
        public var stage: String
        /// Seconds since it was made or joined.
        public var ageSeconds: Int64

        /// A key.
        public init(id: UInt16, stage: String, ageSeconds: Int64) {
            self.id = id
            self.stage = stage
            self.ageSeconds = ageSeconds
        }

        private enum CodingKeys: String, CodingKey {
            case id, stage
            case ageSeconds = "age_s"
        }
    }

    /// How this peer speaks with a member.
    public struct Link: Sendable {
        /// Links to it are TLS: the fleet is closed and its certificate is known.
        public var tls = false
        /// Ids of the keys that it has.
        public var keys: [UInt16] = []
        /// Ids of keys in use or installed here that it lacks.
        public var lacks: [UInt16] = []

        /// Nothing known.
        public init() {}
    }

    /// How this peer speaks with each member, by its id in hex.
    public var links: [String: Link] = [:]
    /// The fleet's keys, the one in use first; none in an open fleet.
    public var keys: [Key] = []
    /// A new key is not in use yet.
    public var rotating = false
    /// Names or ids of peers that were shut out.
    public var revoked: [String] = []
    /// What has to be done about the keys by hand; nil when nothing.
    public var keyAdvice: String?
    /// The highest version of the mesh protocol that this peer speaks.
    public var protocolVersion = 1
    /// Datagrams that were dropped, by reason.
    public var refused: [String: UInt64] = [:]
    /// Peer links and requests on them that were refused, by reason: `handshake`, `crowded`, `token`.
    public var refusedLinks: [String: UInt64] = [:]
    /// Milliseconds since each member was last heard, by its id in hex; a view is older than that.
    public var silenceMilliseconds: [String: Int64] = [:]
    /// Ids in hex of the peers over which *quorate* is counted.
    public var roster: Set<String> = []
    /// The fleet's name.
    public var fleet = "default"
    /// Anyone on the network can join.
    public var openFleet = true
    /// This peer's boot counter.
    public var generation: UInt32 = 0
    /// What mDNS does, in words.
    public var discovery = "off"
    /// The seeds.
    public var seeds: [Seed] = []
    /// Datagrams by what became of them: `sent`, `received`, `malformed`, …
    public var datagrams: [(name: String, count: UInt64)] = []
    /// The epoch that this peer's lease record has seen highest.
    public var maxEpoch: UInt64 = 0
    /// Whether the state directory can be written.
    public var storageWritable = true

    /// Nothing known.
    public init() {}

    /// Writes what `/fleet/status` shows of it.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Field.self)
        try container.encode(fleet, forKey: .fleet)
        try container.encode(openFleet, forKey: .openFleet)
        try container.encode(discovery, forKey: .discovery)
        try container.encode(seeds, forKey: .seeds)
        try container.encode(maxEpoch, forKey: .maxEpoch)
        try container.encode(generation, forKey: .generation)
        try container.encode(protocolVersion, forKey: .protocolVersion)
        try container.encode(keys, forKey: .keys)
        try container.encode(rotating, forKey: .rotating)
        try container.encode(revoked, forKey: .revoked)
        try container.encodeIfPresent(keyAdvice, forKey: .keyAdvice)
        try container.encode(refused, forKey: .refused)
        try container.encode(refusedLinks, forKey: .refusedLinks)
    }

    private enum Field: String, CodingKey {
        case fleet, discovery, seeds, generation, keys, rotating, revoked, refused
        case openFleet = "open_fleet"
        case maxEpoch = "max_epoch"
        case protocolVersion = "protocol_version"
        case keyAdvice = "key_advice"
        case refusedLinks = "refused_links"
    }
}
