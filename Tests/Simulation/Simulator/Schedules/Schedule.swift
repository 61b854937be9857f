public import Gossip

/// One simulated history: the hosts, the network and the faults, all drawn from a seed.
public struct Schedule: Sendable {
    /// The seed of everything.
    public var seed: UInt64
    /// How many peers.
    public var peers: Int
    /// How long faults occur, true time.
    public var faultTime: Duration
    /// The network while faults occur.
    public var network = Network()
    /// What goes wrong and when, in order of time.
    public var faults: [(at: Duration, fault: Fault)] = []
    /// What each peer is as a candidate.
    public var candidacies: [Candidacy] = []
    /// When each peer first starts.
    public var starts: [Duration] = []
    /// Every peer has a seed address that it dials for ever; without one it only has what it remembers and hears.
    public var hasSeeds = true

    /// A quiet history: everybody is there from the start, nothing goes wrong.
    public init(quiet seed: UInt64, peers: Int, faultTime: Duration) {
        self.seed = seed
        self.peers = peers
        self.faultTime = faultTime
        candidacies = Array(repeating: Candidacy(), count: peers)
        starts = Array(repeating: .zero, count: peers)
    }

    /// Draws a schedule: a random subset of the kinds of fault, each a few times.
    public init(seed: UInt64, peers: Int, faultTime: Duration) {
        self.init(quiet: seed, peers: peers, faultTime: faultTime)
        var generator = SeededGenerator(seed: seed ^ 0xA5A5_5A5A)
        drawNetwork(&generator)
        // One in sixteen has a bad network and nothing else.
        let isSteady = Int.random(in: 0..<16, using: &generator) == 0
        let kinds = Fault.Kind.allCases.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 && !isSteady }
        let joinsLate = Int.random(in: 0..<4, using: &generator) == 0
        let mixed = Int.random(in: 0..<3, using: &generator) == 0
        hasSeeds = Bool.random(using: &generator)
        for place in 0..<peers {
            candidacies[place] = Candidacy(
                priority: mixed ? [0, 30, 50, 50, 70].randomElement(using: &generator) ?? 50 : 50,
                steady: Bool.random(using: &generator), seasoned: Bool.random(using: &generator))
            let isLate = joinsLate && place >= 2 && Bool.random(using: &generator)
            starts[place] = Self.rounded(generator.duration(below: isLate ? faultTime * 3 / 4 : .seconds(3)))
        }
        // Somebody must be able to stand, whoever else is down.
        for place in 0..<peers where place < (peers + 1) / 2 {
            candidacies[place].priority = max(30, candidacies[place].priority)
        }
        drawFaults(of: kinds, &generator)
        if !isSteady { drawLastSplit(&generator) }
    }

    /// Whole microseconds, so that the text form says all.
    static func rounded(_ duration: Duration) -> Duration { .microseconds(duration.wholeNanoseconds / 1_000) }

    /// Only the network is bad, and not beyond the protocol's targets (§3.8): false alarms are bounded.
    var isSteady: Bool {
        faults.isEmpty && network.lossPerMille + network.corruptPerMille <= 210
            && (network.tailPerMille <= 50 || network.tailMicroseconds <= 200_000)
    }

    /// Most packets come and nobody is stopped or slow: a suspicion ends soon after its cause.
    var isFair: Bool { network.isFair && !faults.contains { $0.fault.kind.blursTime } }

    /// Nothing is lost or late, nobody is stopped or slow: peers that are there and linked must never be suspected.
    var isSharp: Bool { network.isSharp && !faults.contains { $0.fault.kind.blursTime } }
}
