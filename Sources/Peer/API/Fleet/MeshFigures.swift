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

    /// Milliseconds since each member was last heard, by its id in hex; a view is older than that.
    public var silenceMilliseconds: [String: Int64] = [:]
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
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(fleet, forKey: .fleet)
        try container.encode(openFleet, forKey: .openFleet)
        try container.encode(discovery, forKey: .discovery)
        try container.encode(seeds, forKey: .seeds)
        try container.encode(maxEpoch, forKey: .maxEpoch)
        try container.encode(generation, forKey: .generation)
    }

    private enum Key: String, CodingKey {
        case fleet, discovery, seeds, generation
        case openFleet = "open_fleet"
        case maxEpoch = "max_epoch"
    }
}
