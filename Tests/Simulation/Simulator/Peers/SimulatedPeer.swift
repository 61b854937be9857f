import Gossip

/// One host of the world and the process on it.
struct SimulatedPeer {
    enum State: Hashable {
        case down
        case running
        case paused
        case asleep
    }

    let place: Int
    let id: PeerID
    let endpoint: Endpoint
    var clock: HostClock
    var candidacy: Candidacy
    var state = State.down
    var core: (any PeerCore)?
    /// What its rules said after the last event.
    var facts = CoreFacts()
    /// The boot counter; on disk.
    var generation: UInt32 = 0
    /// The lease's state on disk.
    var durable = DurableLease()
    var writable = true
    /// It could be written again while the process did not run.
    var missedStorage = false
    /// The true time of its next timer.
    var wakeAt = Int64.max
    /// What the rules asked for, so that a repeated answer costs nothing.
    var wantedWake = Instant.distantFuture
    /// Packets that wait for a stopped process.
    var waiting: [(Datagram, Endpoint)] = []
    /// Ends the process after so many actions of its next event.
    var dieAfter: Int?
    /// When it was stopped or fell asleep.
    var stoppedAt: Int64 = 0
    /// Counts states that a planned return belongs to.
    var episode = 0
    /// What it last reported of itself.
    var inFlight: UInt16 = 0
    var models: [UInt8] = []
    /// Datagrams that it sent.
    var sequence: UInt64 = 0
    /// It was told to stop.
    var stopping = false

    init(place: Int, clock: HostClock, candidacy: Candidacy) {
        self.place = place
        self.clock = clock
        self.candidacy = candidacy
        id = Self.id(place)
        endpoint = Self.endpoint(place)
    }

    /// Ids are scattered, so that the order of ids is not the order of places.
    static func id(_ place: Int) -> PeerID {
        PeerID(short: UInt64(place + 1) &* 0x9E37_79B9_7F4A_7C15, low: UInt64(place))
    }

    static func endpoint(_ place: Int) -> Endpoint {
        Endpoint(.v4(0x0A00_0001 + UInt32(place)), port: 11_445)
    }

    static func place(_ endpoint: Endpoint) -> Int? {
        guard case .v4(let bits) = endpoint.address, bits >= 0x0A00_0001 else { return nil }
        return Int(bits - 0x0A00_0001)
    }
}
