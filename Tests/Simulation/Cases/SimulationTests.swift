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

    @Test("2,000 histories of five minutes keep every invariant")
    func volume() async {
        let minutes = Duration.seconds(300)
        let campaign = Campaign([
            Batch(peers: 2, first: 1, count: 800, faultTime: minutes), Batch(peers: 3, first: 1, count: 600, faultTime: minutes),
            Batch(peers: 5, first: 1, count: 400, faultTime: minutes), Batch(peers: 9, first: 1, count: 200, faultTime: minutes),
        ])
        let report = await campaign.run()
        print(report)
        #expect(report.schedules == 2_000)
        for outcome in report.broken {
            #expect(outcome.violations.isEmpty, "seed \(outcome.seed), \(outcome.peers) peers: \(outcome.violations)")
        }
        // The histories are about something.
        #expect(report.simulated > minutes * 2_000)
        #expect(report.faults > 50_000)
        #expect(report.elections > 20_000)
        #expect(report.admitted > 200_000)
    }

    @Test("Other sizes", arguments: [1, 4, 10, 16])
    func sizes(peers: Int) async {
        let report = await Campaign([Batch(peers: peers, first: 1, count: 30, faultTime: Self.faultTime)]).run()
        for outcome in report.broken {
            #expect(outcome.violations.isEmpty, "seed \(outcome.seed), \(peers) peers: \(outcome.violations)")
        }
    }

    @Test("The lease alone, over a plain detector", arguments: [2, 3, 5])
    func leaseAlone(peers: Int) async {
        let batch = Batch(peers: peers, first: 1, count: 100, faultTime: Self.faultTime)
        let report = await Campaign([batch], subject: .lease).run()
        for outcome in report.broken {
            #expect(outcome.violations.isEmpty, "seed \(outcome.seed), \(peers) peers: \(outcome.violations)")
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
