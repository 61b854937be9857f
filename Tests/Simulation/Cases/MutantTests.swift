import Gossip
import Simulator
import Testing

/// A deliberate fault must be seen: otherwise the histories without violations show nothing.
@Suite("Mutants")
struct MutantTests {
    /// The rules that a mutant must break within 200 histories.
    static let expected: [(Mutation, Violation.Rule)] = [
        (.shortVoter, .exclusiveBelief),
        (.noQuarantine, .exclusiveBelief),
        (.volatileEpoch, .fence),
        (.deathOnSilence, .exclusiveBelief),
        (.clockStopsInSleep, .exclusiveBelief),
    ]

    @Test("Each mutant is caught", arguments: Mutation.allCases)
    func caught(mutation: Mutation) throws {
        let rule = try #require(Self.expected.first { $0.0 == mutation }?.1)
        let seed = (1...200).first { seed in
            let schedule = Schedule(seed: UInt64(seed), peers: 3, faultTime: .seconds(40))
            return Simulation.run(schedule, mutation: mutation).violations.contains { $0.rule == rule }
        }
        #expect(seed != nil, "no history showed \(mutation.rawValue)")
    }
}
