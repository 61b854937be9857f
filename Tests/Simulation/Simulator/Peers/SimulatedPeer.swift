import Gossip

/// One host of the world and the process on it.
struct SimulatedPeer {
    enum State: Hashable {
        case down
        case running
        /// Stopped, or its virtual machine is.
        case paused
        case frozen
        case asleep
    }

    let place: Int
    /// A lost disk makes another peer of the same host.
    private(set) var id: PeerID
    private(set) var life = 0
    let endpoint: Endpoint
    var clock: HostClock
    var candidacy: Candidacy
    var state = State.down
    var core: (any PeerCore)?
    /// What its rules said after the last event.
    var facts = CoreFacts()
    /// The boot counter; on disk.
    var generation: UInt32 = 0
    /// Counts the processes on this host, whatever peer they were.
    var session: UInt32 = 0
    /// The lease's state on disk, and before the last write.
    var durable = DurableLease()
    var durableBefore = DurableLease()
    /// The other peers, as they stand on disk, and the true time of that.
    var remembered: [RememberedPeer] = []
    var rememberedAt: Int64 = 0
    /// The fleet's settings on disk.
    var settings: [SettingEntry] = []
    var writable = true
    /// A row that could not be written, as the process knows.
    var unwritten: DurableLease?
    /// The true time of its next timer.
    var wakeAt = Int64.max
    /// What the rules asked for, so that a repeated answer costs nothing.
    var wantedWake = Instant.distantFuture
    /// Packets that wait for a stopped process.
    var waiting: [(Datagram, Endpoint)] = []
    /// When the process is to be cut off.
    var cutOff: CutOff?
    /// When it was stopped or fell asleep.
    var stoppedAt: Int64 = 0
    /// Counts states that a planned return belongs to.
    var episode = 0
    /// The highest protocol version that its program speaks.
    var version: UInt8 = 1
    /// Nanoseconds for every event while its machine is slow, and until when it is busy with what came already.
    var perEvent: Int64 = 0
    var busyUntil: Int64 = 0
    /// What it last reported of itself.
    var inFlight: UInt16 = 0
    var models: [UInt8] = []
    var draining = false
    /// Something of its own changed while it was stopped.
    var missedReport = false
    /// Datagrams that it sent.
    var sequence: UInt64 = 0
    /// It was told to stop.
    var stopping = false

    /// When a process ends in the middle of its work.
    enum CutOff: Hashable {
        /// After so many actions of its next event.
        case afterActions(Int)
        /// Right after its next write, which reaches the disk or not.
        case atWrite(lost: Bool)
    }

    init(place: Int, clock: HostClock, candidacy: Candidacy) {
        self.place = place
        self.clock = clock
        self.candidacy = candidacy
        id = Self.id(place, life: 0)
        endpoint = Endpoint(.v4(0x0A00_0001 + UInt32(place)), port: 11_445)
    }

    /// Everything on disk is gone.
    mutating func loseDisk() {
        life += 1
        id = Self.id(place, life: life)
        generation = 0
        durable = DurableLease()
        durableBefore = durable
        settings = []
        remembered = []
    }

    /// Ids are scattered, so that the order of ids is not the order of places.
    private static func id(_ place: Int, life: Int) -> PeerID {
        PeerID(short: UInt64(place + 1 + 1_000 * life) &* 0x9E37_79B9_7F4A_7C15, low: UInt64(place + 1_000 * life))
    }

    /// Which host and which of its lives an id stands for.
    static func place(_ id: PeerID) -> (place: Int, life: Int) { (Int(id.low % 1_000), Int(id.low / 1_000)) }

    static func place(_ endpoint: Endpoint) -> Int? {
        guard case .v4(let bits) = endpoint.address, bits >= 0x0A00_0001 else { return nil }
        return Int(bits - 0x0A00_0001)
    }
}
