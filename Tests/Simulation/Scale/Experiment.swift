/// One cell of the tables: a fleet of one size with one set of constants on one network.
public struct Experiment: Sendable {
    /// Whose constants.
    public var variant: Variant
    /// How many peers.
    public var peers: Int
    /// On which network.
    public var conditions: Conditions
    /// What all chance follows from.
    public var seed: UInt64
    /// A router is elected and renews its lease.
    public var lease: Bool

    /// A cell.
    public init(variant: Variant = .herd, peers: Int, conditions: Conditions = .clean, seed: UInt64 = 1, lease: Bool = true) {
        self.variant = variant
        self.peers = peers
        self.conditions = conditions
        self.seed = seed
        self.lease = lease
    }

    /// How fast a crash is noticed.
    public struct Detection: Sendable {
        /// Seconds until the first living peer calls the crashed one unreachable.
        public var first: Sample
        /// Seconds until all do.
        public var all: Sample
        /// Crashes that somebody had not noticed after 90 s.
        public var missed: Int
    }

    /// What is believed wrongly.
    public struct Mistakes: Sendable {
        /// Simulated hours times peers.
        public var peerHours: Double
        /// Times at which a living peer was declared dead by somebody.
        public var deaths: Int
        /// The same by observer.
        public var deathViews: Int
        /// Times at which a living peer was suspected by somebody.
        public var suspicions: Int
    }

    /// How fast a change of one peer's hot record spreads.
    public struct Convergence: Sendable {
        /// Seconds until half of the others have it.
        public var half: Sample
        /// Seconds until all have it.
        public var all: Sample
        /// Changes that somebody did not have after a minute.
        public var missed: Int
    }

    /// What is sent, in bytes per second and peer with UDP and IP headers.
    public struct Traffic: Sendable {
        /// Pings, acks and helpers' messages, with what rides on them.
        public var probes: Double
        /// Rumours on their own.
        public var gossip: Double
        /// Messages of the election.
        public var lease: Double
        /// Records in exchanges by TCP, as if encoded as in datagrams.
        public var exchanges: Double
        /// Exchanges per hour and peer.
        public var exchangesPerHour: Double
        /// Datagrams per second.
        public var datagrams: Double
        /// The largest sum of one peer's datagrams within any second, bytes; without messages of the election.
        public var most: Int
        /// The largest sum of the router's messages of the election within any second, bytes.
        public var mostLease: Int
        /// Ages of the hot records held, seconds; empty where nobody published.
        public var ages: Sample

        /// All datagrams.
        public var total: Double { probes + gossip + lease }
    }

    /// Who publishes while traffic is measured.
    public enum Load: String, CaseIterable, Sendable {
        /// Nobody.
        case idle
        /// Somebody, every five seconds.
        case some
        /// Everybody, whenever the rules let them.
        case everybody
    }
}
