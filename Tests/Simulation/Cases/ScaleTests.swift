import Scale
import Testing

/// The figures that the protocol promises at 10 and 50 peers (mesh protocol §3.8, §4.3), at few repetitions: a regression shows
/// here; `make scale` measures them all.
@Suite("Scale")
struct ScaleTests {
    private static func measure<Result>(_ body: (inout SettledFleets) -> Result) -> Result {
        var fleets = SettledFleets()
        return body(&fleets)
    }

    @Test("A crash is noticed in time, and at once by all", arguments: [(2, 4.6), (10, 3.5), (50, 4.8)])
    func detection(peers: Int, bar: Double) {
        let result = Self.measure { Experiment(peers: peers, seed: 11).detection(crashes: 16, &$0) }
        #expect(result.missed == 0)
        #expect(result.first.median <= bar)
        #expect(result.first.most <= 8)
        #expect(result.all.median <= result.first.median + 0.5)
    }

    @Test("It is noticed well before memberlist's constants would", arguments: [10, 50])
    func constants(peers: Int) {
        let ours = Self.measure { Experiment(peers: peers, seed: 12).detection(crashes: 16, &$0) }.first.median
        let theirs = Self.measure {
            Experiment(variant: .memberlist, peers: peers, seed: 12).detection(crashes: 16, &$0)
        }.first.median
        #expect(theirs >= 1.7 * ours, "\(theirs) s and \(ours) s")
    }

    @Test("Nobody is buried alive at 20 % loss", arguments: [(2, 3_600.0), (10, 1_800), (50, 300)])
    func mistakes(peers: Int, seconds: Double) {
        let result = Self.measure {
            Experiment(peers: peers, conditions: .twentyPercent, seed: 13).mistakes(seconds: seconds, &$0)
        }
        #expect(result.deaths == 0)
        // There was something to be mistaken about.
        #expect(result.suspicions > 0)
        #expect(Double(result.suspicions) / result.peerHours < 40)
    }

    @Test("One change reaches all", arguments: [Conditions.clean, .twentyPercent])
    func convergence(conditions: Conditions) {
        let result = Self.measure { Experiment(peers: 50, conditions: conditions, seed: 14).convergence(changes: 10, &$0) }
        #expect(result.missed == 0)
        #expect(result.all.median <= (conditions == .clean ? 0.5 : 1))
    }

    @Test("An idle peer sends little, and a busy one not more than its share", arguments: [10, 50])
    func traffic(peers: Int) {
        let idle = Self.measure { Experiment(peers: peers, seed: 15, lease: false).traffic(.idle, seconds: 30, &$0) }
        #expect(idle.total <= 400)
        #expect(idle.total > 100)
        let busy = Self.measure { Experiment(peers: peers, seed: 15).traffic(.everybody, seconds: 20, &$0) }
        #expect(busy.most <= 22_000)
        #expect(busy.total > 2_000)
        #expect(busy.ages.median < 2)
    }
}
