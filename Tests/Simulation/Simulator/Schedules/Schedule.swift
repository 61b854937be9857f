public import Gossip

/// One simulated history: the hosts, the network and the faults, all drawn from a seed.
public struct Schedule: Sendable {
    /// The seed of everything.
    public let seed: UInt64
    /// How many peers.
    public let peers: Int
    /// How long faults occur, true time.
    public let faultTime: Duration
    /// The network while faults occur.
    public var network = Network()
    /// What goes wrong and when, in order of time.
    public var faults: [(at: Duration, fault: Fault)] = []
    /// What each peer is as a candidate.
    public var candidacies: [Candidacy] = []
    /// When each peer first starts.
    public var starts: [Duration] = []

    /// Draws a schedule: a random subset of the kinds of fault, each a few times.
    public init(seed: UInt64, peers: Int, faultTime: Duration) {
        self.seed = seed
        self.peers = peers
        self.faultTime = faultTime
        var generator = SeededGenerator(seed: seed ^ 0xA5A5_5A5A)
        network.lossPerMille = [0, 0, 20, 50, 200, 400].randomElement(using: &generator) ?? 0
        network.duplicatePerMille = [0, 0, 50, 200].randomElement(using: &generator) ?? 0
        network.tailPerMille = [0, 0, 10, 50, 200].randomElement(using: &generator) ?? 0
        network.tailMicroseconds = [50_000, 200_000, 2_000_000].randomElement(using: &generator) ?? 50_000
        network.delayMicroseconds = [500, 1_000, 5_000, 40_000].randomElement(using: &generator) ?? 1_000
        let mixed = Int.random(in: 0..<3, using: &generator) == 0
        for _ in 0..<peers {
            let priority: UInt8 = mixed ? [0, 30, 50, 50, 70].randomElement(using: &generator) ?? 50 : 50
            candidacies.append(
                Candidacy(priority: priority, steady: Bool.random(using: &generator), seasoned: Bool.random(using: &generator)))
            starts.append(generator.duration(below: .seconds(3)))
        }
        // Somebody must be able to stand, whoever else is down.
        for place in 0..<peers where place < (peers + 1) / 2 {
            candidacies[place].priority = max(30, candidacies[place].priority)
        }
        drawFaults(&generator)
    }

    private mutating func drawFaults(_ generator: inout SeededGenerator) {
        let kinds = Fault.Kind.allCases.filter { _ in Int.random(in: 0..<3, using: &generator) == 0 }
        guard !kinds.isEmpty else { return }
        let gap = Duration.milliseconds(Int64.random(in: 600...6_000, using: &generator))
        var at = Duration.seconds(4)
        while at < faultTime - .seconds(1) {
            let kind = kinds.randomElement(using: &generator) ?? .crash
            faults.append((at, draw(kind, &generator)))
            at += gap / 4 + generator.duration(below: gap * 3 / 2)
        }
    }

    private func draw(_ kind: Fault.Kind, _ generator: inout SeededGenerator) -> Fault {
        let peer = Int.random(in: 0..<peers, using: &generator)
        let other = (peer + Int.random(in: 1..<max(2, peers), using: &generator)) % peers
        // Short and long ones: around the lease, and around detection.
        let long = Bool.random(using: &generator)
        let lasts = Duration.milliseconds(Int64.random(in: long ? 2_000...12_000 : 100...3_000, using: &generator))
        let back = Int.random(in: 0..<6, using: &generator) == 0 ? nil : lasts
        switch kind {
        case .partition:
            return .partition(side: Set((0..<peers).filter { _ in Bool.random(using: &generator) }), lasts: lasts)
        case .isolation: return .partition(side: [peer], lasts: lasts)
        case .oneWay: return .oneWay(from: peer, to: other, lasts: lasts)
        case .crash: return .crash(peer, restartAfter: back, midway: nil, hostLives: Bool.random(using: &generator))
        case .crashMidway:
            return .crash(peer, restartAfter: back, midway: Int.random(in: 0...4, using: &generator), hostLives: false)
        case .pause: return .pause(peer, lasts: lasts, noticed: Bool.random(using: &generator))
        case .sleep: return .sleep(peer, lasts: lasts)
        case .stop: return .stop(peer, restartAfter: back)
        case .readOnly: return .readOnly(peer, lasts: lasts)
        case .candidacy:
            var candidacy = candidacies[peer]
            candidacy.steady.toggle()
            candidacy.priority = max(candidacy.priority, [30, 50, 70].randomElement(using: &generator) ?? 50)
            return .candidacy(peer, candidacy)
        }
    }
}
