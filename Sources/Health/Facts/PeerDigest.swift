/// What a peer says of itself for the fleet's health: its shard's traffic in sums, its writer, its process. Travels as JSON.
public struct PeerDigest: Hashable, Sendable, Codable {
    /// A program that uses an engine past its peer.
    public struct ForeignClient: Hashable, Sendable, Codable {
        /// Where it is: an address; `localhost` for this machine.
        public var peer: String
        /// Its connections.
        public var connections: Int

        /// A client.
        public init(peer: String, connections: Int) {
            self.peer = peer
            self.connections = connections
        }
    }

    /// A pinned model for which memory did not do.
    public struct PinFailure: Hashable, Sendable, Codable {
        /// The model.
        public var model: String
        /// Failures of the last 24 hours.
        public var failures: Int
        /// What it would take, GB.
        public var neededGigabytes: Double
        /// What there was at the last failure, GB.
        public var availableGigabytes: Double

        /// A failure.
        public init(model: String, failures: Int, neededGigabytes: Double, availableGigabytes: Double) {
            self.model = model
            self.failures = failures
            self.neededGigabytes = neededGigabytes
            self.availableGigabytes = availableGigabytes
        }
    }

    /// The node's name.
    public var node: String
    /// The peer's wall clock, seconds since 1970.
    public var wallClock = 0.0
    /// How far its clock is ahead of the asking peer's, seconds; negative for behind. Set by the asker, with half the time of the
    /// exchange as its error.
    public var clockAhead: Double?
    /// The error of `clockAhead`, seconds.
    public var clockError = 0.0
    /// The router that it obeys, by id in hex; nil without one.
    public var router: String?
    /// Its shard's writer.
    public var writer = WriterDigest()
    /// The shard's traffic.
    public var traffic = TrafficDigest()
    /// Memory of the process, GB.
    public var processGigabytes = 0.0
    /// Swap in use, GB.
    public var swapUsedGigabytes = 0.0
    /// Swap in all, GB.
    public var swapTotalGigabytes = 0.0
    /// Free space on the disk of the data directory, GB; nil where it is not known.
    public var diskFreeGigabytes: Double?
    /// That disk's size, GB.
    public var diskTotalGigabytes: Double?
    /// Failed calls of its own engines in the last five minutes.
    public var engineFailures = 0
    /// Those since the start.
    public var engineFailuresTotal = 0
    /// Programs that use its engines past it.
    public var foreignClients: [ForeignClient] = []
    /// Pinned models that did not fit.
    public var pinFailures: [PinFailure] = []

    /// What it keeps of requests; nil where it keeps nothing, as usual.
    public var capture: CaptureDigest?

    /// Of a peer of which only the name is known.
    public init(node: String) { self.node = node }
}

/// How a peer's trace writer does.
public struct WriterDigest: Hashable, Sendable, Codable {
    /// Rows lost in the last five minutes.
    public var recentlyLost = 0
    /// Rows lost since the start.
    public var lost = 0
    /// Rows that wait.
    public var waiting = 0
    /// Rows that may wait.
    public var limit = 8_192
    /// The last error; nil while writing works.
    public var problem: String?
    /// The file that is written is not the one in the directory: somebody deleted or replaced it.
    public var isFileGone = false
    /// Where a damaged file was moved at the start.
    public var movedAside: String?

    /// A writer without trouble.
    public init() {}
}
