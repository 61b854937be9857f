import Gossip
import Simulator
import Testing

/// The real rules under a seeded scheduler with faults (mesh protocol §11.1). A failing seed is shown with its violations and can
/// be replayed: `HERD_SIM_SEED=<seed> HERD_SIM_PEERS=<n> swift test --filter SimulationTests`, or
/// `herd-simulate --seed <seed> --peers <n> --transcript`.
@Suite("Simulation")
struct SimulationTests {
    /// 40 s of faults each, then quiet until the peers agree and five seconds more.
    static let faultTime = Duration.seconds(40)

    @Test("500 histories keep every invariant", arguments: [3, 5])
    func histories(peers: Int) {
        var simulated = Duration.zero
        var faults = 0
        var elections = 0
        var admitted = 0
        for seed: UInt64 in 1...500 {
            let outcome = Simulation.run(Schedule(seed: seed, peers: peers, faultTime: Self.faultTime))
            #expect(outcome.violations.isEmpty, "seed \(seed), \(peers) peers: \(outcome.violations)")
            simulated += outcome.simulated
            faults += outcome.faults
            elections += outcome.elections
            admitted += outcome.admitted
        }
        // The histories are about something.
        #expect(simulated > .seconds(500 * 45))
        #expect(faults > 4_000)
        #expect(elections > 2_000)
        #expect(admitted > 10_000)
    }

    @Test("Other sizes", arguments: [1, 2, 4, 9])
    func sizes(peers: Int) {
        for seed: UInt64 in 1...30 {
            let outcome = Simulation.run(Schedule(seed: seed, peers: peers, faultTime: Self.faultTime))
            #expect(outcome.violations.isEmpty, "seed \(seed), \(peers) peers: \(outcome.violations)")
        }
    }

    @Test("The lease alone, over a plain detector", arguments: [2, 3, 5])
    func leaseAlone(peers: Int) {
        for seed: UInt64 in 1...100 {
            let outcome = Simulation.run(Schedule(seed: seed, peers: peers, faultTime: Self.faultTime), subject: .lease)
            #expect(outcome.violations.isEmpty, "seed \(seed), \(peers) peers: \(outcome.violations)")
        }
    }

    @Test("One seed of the environment", .enabled(if: Environment.number("HERD_SIM_SEED") != nil))
    func replay() {
        let seed = Environment.number("HERD_SIM_SEED") ?? 1
        let peers = Environment.number("HERD_SIM_PEERS").map { Int($0) } ?? 3
        let outcome = Simulation.run(Schedule(seed: seed, peers: peers, faultTime: Self.faultTime)) { print($0) }
        #expect(outcome.violations.isEmpty, "\(outcome.violations)")
    }

    @Test("The same seed gives the same history, and another one another")
    func repeats() {
        func hash(_ seed: UInt64) -> UInt64 { Simulation.run(Schedule(seed: seed, peers: 4, faultTime: Self.faultTime)).hash }
        for seed: UInt64 in 1...5 {
            #expect(hash(seed) == hash(seed))
            #expect(hash(seed) != hash(seed + 1))
        }
    }

    @Test("Without faults the peers agree soon after they meet, and stay")
    func quiet() {
        for peers in [2, 3, 5, 10] {
            var schedule = Schedule(seed: 77, peers: peers, faultTime: .seconds(20))
            schedule.faults = []
            schedule.network = Network()
            let outcome = Simulation.run(schedule)
            #expect(outcome.violations.isEmpty, "\(outcome.violations)")
            #expect((outcome.convergence ?? .seconds(99)) <= .seconds(2))
            #expect(outcome.elections <= 3 * peers)
        }
    }
}
