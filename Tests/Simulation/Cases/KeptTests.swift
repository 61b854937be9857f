import Foundation
import Simulator
import Testing

/// Histories that once broke a rule, made small, and their text form.
@Suite("Kept histories")
struct KeptTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Kept")

    @Test("Every kept history keeps every rule now")
    func replay() throws {
        let files = try FileManager.default.contentsOfDirectory(at: Self.folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "txt" }
        #expect(!files.isEmpty)
        for file in files.sorted(by: { $0.path < $1.path }) {
            let schedule = try Schedule(text: String(contentsOf: file, encoding: .utf8))
            let outcome = Simulation.run(schedule)
            #expect(outcome.violations.isEmpty, "\(file.lastPathComponent): \(outcome.violations)")
        }
    }

    @Test("The text form says all of a schedule", arguments: [1, 2, 5, 9])
    func text(peers: Int) throws {
        for seed: UInt64 in 1...50 {
            let schedule = Schedule(seed: seed, peers: peers, faultTime: .seconds(120))
            let again = try Schedule(text: "# a remark\n" + schedule.text)
            #expect(again.text == schedule.text)
            #expect(again.faults.map(\.fault) == schedule.faults.map(\.fault))
            #expect(again.network == schedule.network && again.candidacies == schedule.candidacies)
        }
        let schedule = Schedule(seed: 4, peers: peers, faultTime: .seconds(30))
        #expect(try Simulation.run(Schedule(text: schedule.text)).hash == Simulation.run(schedule).hash)
    }

    @Test(
        "Text that is no schedule is refused",
        arguments: [
            "", "peers 3", "peers 0\nfault-time 5", "peers 99999\nfault-time 5", "peers 2\nfault-time 5\nat 1 crash 7 1 -1 0",
            "peers 2\nfault-time 5\nat 1 crash 0", "peers 2\nfault-time 5\nat x stop 0 1", "peers 2\nfault-time 5\nnonsense",
            "peers 2\nfault-time 5\nat 1 pause 0 -5 0", "peers 2\nfault-time 5\npeer 2 0 0 0 0 0", "seed -1",
            "peers 2\nfault-time 5\nat 1 stop 0 1 2",
        ])
    func refused(text: String) {
        #expect(throws: ScheduleError.self) { try Schedule(text: text) }
    }

    @Test("A broken history is made smaller and still breaks the same rule")
    func minimise() throws {
        let mutation = Mutation.noQuarantine
        let broken = try #require(
            (1...300).lazy.map { Schedule(seed: $0, peers: 5, faultTime: .seconds(60)) }.first { schedule in
                Simulation.run(schedule, mutation: mutation).violations.contains { $0.rule == .exclusiveBelief }
            })
        var minimiser = Minimiser(mutation: mutation)
        minimiser.mostRuns = 200
        let small = minimiser.minimise(broken, breaking: .exclusiveBelief)
        #expect(small.faults.count < broken.faults.count)
        #expect(small.faults.count <= 6)
        #expect(small.peers <= broken.peers && small.faultTime < broken.faultTime)
        let outcome = Simulation.run(small, mutation: mutation)
        #expect(outcome.violations.contains { $0.rule == .exclusiveBelief })
        #expect(Simulation.run(small).violations.isEmpty)
        #expect(minimiser.runs <= 200)
    }
}
