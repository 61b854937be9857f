import Gossip
import Routing

/// All requests of a world, and the real slot table of each machine.
struct RequestDesk {
    struct Request {
        let entry: Int
        /// Which life of the entry peer.
        let generation: UInt32
        /// The attempt that counts; earlier ones are void.
        var attempt = 0
        var tries = 0
        var tried: [PeerID] = []
        var hasFirstByte = false
        var hasEnded = false
    }

    static let engine = "engine"
    static let model = "m"
    /// What every machine offers.
    static let models: ModelsReport = {
        var offer = AvailableModel(name: model, backend: engine)
        offer.sizeBytes = 1_000_000_000
        return ModelsReport(backends: [BackendReport(id: engine, kind: .ollama, reachable: true)], available: [offer])
    }()

    var generator: SeededGenerator
    var requests: [Request] = []
    /// Each machine's own yes or busy, and how many it runs at once.
    var slots: [SlotTable]
    let limits: [Int]
    /// What runs and what waits on each machine, by our own count.
    var running: [[UInt64]]
    var waiting: [[UInt64]]
    /// What each entry sent and saw finished since the records of its view.
    var deltas: [OwnDeltas]

    init(peers: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed ^ 0x5EED_0F0F)
        limits = (0..<peers).map { _ in Int.random(in: 1...3, using: &generator) }
        slots = Array(repeating: SlotTable(), count: peers)
        running = Array(repeating: [], count: peers)
        waiting = running
        deltas = Array(repeating: OwnDeltas(), count: peers)
        self.generator = generator
        for place in 0..<peers { reset(place, draining: false) }
    }

    /// The id under which a machine knows an attempt.
    static func key(_ number: Int, _ attempt: Int) -> UInt64 { UInt64(number) << 16 | UInt64(attempt & 0xFFFF) }

    /// A machine's process starts or ends: nothing runs there.
    mutating func reset(_ place: Int, draining: Bool) {
        slots[place] = SlotTable()
        running[place] = []
        waiting[place] = []
        deltas[place] = OwnDeltas()
        configure(place, draining: draining)
    }

    mutating func configure(_ place: Int, draining: Bool) {
        slots[place].configure(slotsPerModel: [(Self.engine, limits[place])], draining: draining)
    }

    /// The machines that the entry's scorer would try, best first.
    mutating func ranking(of number: Int, _ view: FleetView, now: Instant) -> [Candidate] {
        var request = RouteRequest(model: Self.model, kind: .chat)
        request.excluded = requests[number].tried
        let scorer = Scorer(view: view)
        return scorer.rank(
            request, deltas: deltas[requests[number].entry], latencies: LatencyHistory(), affinity: SessionAffinity(), now: now,
            using: &generator
        ).candidates
    }
}
