import Gossip
import Routing
import Testing

/// Near-equals come in random order, all others strictly by score; a seed decides everything.
@Suite struct NearTieTests {
    @Test func equalsShareTheFirstPlaceEvenly() {
        let fleet = (1...4).map { machine($0) { $0.load() } }
        var wins = [0, 0, 0, 0]
        var seconds = [0, 0, 0, 0]
        let scorer = Scorer(view: view(fleet))
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<4000 {
            let order = scorer.order(using: &generator)
            wins[Int(order[0]) - 1] += 1
            seconds[Int(order[1]) - 1] += 1
        }
        for count in wins + seconds { #expect((900...1100).contains(count)) }
    }

    /// 78 and 74.5 points: the band is 3.9 wide, so the second weighs 2 − 3.5/3.9 = 1.103 and the first wins 2 of 3.103 times.
    @Test func theBetterOneComesFirstMoreOften() throws {
        let fleet = [
            machine(1) { $0.load() },
            machine(2) {
                $0.load()
                $0.fixed?.bandwidthGBps = 700
            },
        ]
        let ranking = rank(fleet)
        #expect(try #require(ranking.candidate(1)).score == 78)
        #expect(try #require(ranking.candidate(2)).score == 74.5)
        let scorer = Scorer(view: view(fleet))
        var generator = SeededGenerator(seed: 3)
        var wins = 0
        for _ in 0..<6000 where scorer.order(using: &generator)[0] == 1 { wins += 1 }
        #expect(abs(wins - 3868) < 120)
    }

    /// One request more is 6 points and half a second of waiting: outside the band of 3.9 points.
    @Test func whatIsNotNearIsNotShuffled() {
        let fleet = [
            machine(1) {
                $0.load(); $0.busy(inFlight: 1)
            }, machine(2) { $0.load() },
        ]
        for seed in 0..<200 { #expect(rank(fleet, seed: UInt64(seed)).order == [2, 1]) }
    }

    @Test func withoutNearTiesNothingIsDrawn() {
        let scorer = Scorer(view: view([machine(1) { $0.load() }, machine(2)]))
        var (used, fresh) = (SeededGenerator(seed: 9), SeededGenerator(seed: 9))
        _ = scorer.order(using: &used)
        #expect(used.next() == fresh.next())
    }

    /// Scores around zero and below keep a band of a point.
    @Test func theBandHasAtLeastAPoint() {
        var configuration = ScoringConfiguration()
        configuration.modelCold = -30
        configuration.memoryFitMax = 0
        let fleet = [
            machine(1) { $0.fixed?.bandwidthGBps = 80 },
            machine(2) { $0.fixed?.bandwidthGBps = 120 },
            machine(3) { $0.fixed?.bandwidthGBps = 800 },
        ]
        var firsts: [UInt64] = []
        for seed in 0..<100 {
            let order = rank(fleet, configuration: configuration, seed: UInt64(seed)).order
            firsts.append(order[0])
            #expect(order[2] == 3)
        }
        #expect(firsts.contains(1) && firsts.contains(2))
    }

    @Test func theSameSeedGivesTheSameOrderHoweverMembersAreListed() {
        var fleet = (1...12).map { number in machine(number) { if number % 3 > 0 { $0.load() } } }
        let first = (0..<50).map { rank(fleet, seed: $0).order }
        fleet.reverse()
        #expect(first == (0..<50).map { rank(fleet, seed: $0).order })
        fleet.swapAt(2, 9)
        #expect(first == (0..<50).map { rank(fleet, seed: $0).order })
        #expect(first.contains { $0 != first[0] }, "seeds differ")
    }
}

extension Scorer {
    /// The order for the usual request.
    fileprivate func order(using generator: inout SeededGenerator) -> [UInt64] {
        rank(chat(), deltas: OwnDeltas(), latencies: LatencyHistory(), affinity: SessionAffinity(), now: now, using: &generator)
            .order
    }
}
