import Gossip
import Simulator
import Testing

/// The real rules under a seeded scheduler with faults (mesh protocol §11.1). A failing seed is shown with its violations; replay
/// it with `HERD_SIM_SEED=<seed> herd-simulate --peers <n> --minutes 5`, or let `herd-simulate --seed <seed> …` make it smaller.
@Suite("Simulation", .serialized)
struct SimulationTests {
    /// Of the smaller runs: 40 s of faults each, then quiet until the peers agree.
    static let faultTime = Duration.seconds(40)

    /// No history broke a rule.
    private func expectSound(_ report: Report) {
        for outcome in report.broken {
            Issue.record("seed \(outcome.seed), \(outcome.peers) peers: \(outcome.violations.prefix(3))")
        }
        #expect(report.violations == 0)
    }

    @Test("2,000 histories of five minutes keep every rule")
    func volume() async {
        let minutes = Duration.seconds(300)
        let campaign = Campaign([
            Batch(peers: 9, first: 1, count: 200, faultTime: minutes), Batch(peers: 5, first: 1, count: 400, faultTime: minutes),
            Batch(peers: 3, first: 1, count: 600, faultTime: minutes), Batch(peers: 2, first: 1, count: 800, faultTime: minutes),
        ])
        let report = await campaign.run()
        print(report)
        expectSound(report)
        // The histories are about something.
        #expect(report.schedules == 2_000)
        #expect(report.simulated > minutes * 2_000)
        #expect(report.faultCount > 100_000)
        #expect(report.faults.allSatisfy { $0 > 1_000 }, "some kind of fault hardly took effect: \(report)")
        #expect(report.totals.elections > 40_000)
        #expect(report.totals.admitted > 400_000)
        #expect(report.totals.contests > 20)
        #expect(report.totals.requests.succeeded > 100_000)
        #expect(report.totals.requests.forwards > 50_000)
        #expect(report.totals.requests.busy > 1_000)
    }

    @Test("Other sizes", arguments: [1, 4, 10, 16])
    func sizes(peers: Int) async {
        expectSound(await Campaign([Batch(peers: peers, first: 1, count: 30, faultTime: Self.faultTime)]).run())
    }

    @Test("The lease alone, over a plain detector", arguments: [2, 3, 5])
    func leaseAlone(peers: Int) async {
        let batch = Batch(peers: peers, first: 1, count: 100, faultTime: Self.faultTime)
        expectSound(await Campaign([batch], subject: .lease).run())
    }

    @Test("The same seed gives the same history, and another one another; threads change nothing")
    func repeats() async {
        func hash(_ seed: UInt64) -> UInt64 { Simulation.run(Schedule(seed: seed, peers: 4, faultTime: Self.faultTime)).hash }
        for seed: UInt64 in 1...5 {
            #expect(hash(seed) == hash(seed))
            #expect(hash(seed) != hash(seed + 1))
        }
        let batch = Batch(peers: 4, first: 1, count: 12, faultTime: Self.faultTime)
        let alone = await Campaign([batch], threads: 1).run()
        let together = await Campaign([batch], threads: 2).run()
        #expect(alone.hash == together.hash)
    }

    @Test("Without faults the peers agree soon after they meet, stay, and suspect nobody", arguments: [2, 3, 5, 10])
    func quiet(peers: Int) {
        let outcome = Simulation.run(Schedule(quiet: 77, peers: peers, faultTime: .seconds(20)))
        #expect(outcome.violations.isEmpty, "\(outcome.violations)")
        #expect((outcome.convergence ?? .seconds(99)) <= .seconds(2))
        #expect(outcome.elections <= 3 * peers)
        #expect(outcome.suspicions == 0)
    }

    @Test("Wall clocks may jump by ten years: the rules have none, and nothing changes")
    func wallClock() {
        for seed: UInt64 in 1...20 {
            var schedule = Schedule(seed: seed, peers: 3, faultTime: Self.faultTime)
            schedule.faults.removeAll { $0.fault.kind == .wallJump }
            let before = Simulation.run(schedule)
            for number in 0..<20 {
                let years = number.isMultiple(of: 2) ? 10 : -10
                schedule.faults.append((.seconds(2 * number), .wallJump(number % 3, years: years)))
            }
            schedule.faults.sort { $0.at < $1.at }
            let after = Simulation.run(schedule)
            #expect(after.faults[.wallJump] == 20)
            #expect(before.hash == after.hash)
        }
    }

    @Test("Lines of the history file: one per note, with the clock that all share")
    func history() {
        var lines: [String] = []
        _ = Simulation.run(Schedule(seed: 3, peers: 3, faultTime: Self.faultTime), history: { lines.append($0) })
        #expect(lines.count > 100)
        #expect(lines.allSatisfy { $0.hasPrefix(#"{"peer":""#) && $0.contains(#","host_ns":"#) && $0.hasSuffix("}") })
        for event in ["grant", "renew", "expire", "elect", "admit", "release", "request-end", "command"] {
            #expect(lines.contains { $0.contains(#""event":"\#(event)""#) }, "no \(event)")
        }
    }
}
