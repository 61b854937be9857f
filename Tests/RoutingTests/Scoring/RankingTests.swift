import Gossip
import Routing
import Testing

/// The order of candidates: models, scores, records of different ages.
@Suite struct RankingTests {
    @Test func theBestScoreWins() throws {
        let ranking = rank([
            machine(1), machine(2) { $0.load() },
            machine(3) {
                $0.load(); $0.busy(inFlight: 2)
            },
        ])
        #expect(ranking.order == [2, 3, 1])
        let scores = ranking.candidates.map { $0.score }
        #expect(scores == scores.sorted(by: >))
        #expect(ranking.candidates.allSatisfy { $0.score == $0.signals.total })
        #expect(ranking.modelKnown)
    }

    @Test func belowTheNearTiesEqualScoresGoById() {
        let cold = [5, 3, 4, 2].map { machine($0) }
        for seed in 0..<20 { #expect(rank(cold + [machine(1) { $0.load() }], seed: UInt64(seed)).order == [1, 2, 3, 4, 5]) }
    }

    @Test func theFirstHotModelWins() throws {
        var request = chat("first:7b")
        request.fallbackModels = ["second:7b", "third:7b"]
        let fleet = [
            machine(1) { $0.models?.available = [listed("first:7b", gigabytes: 5), listed("second:7b", gigabytes: 5)] },
            machine(2) {
                $0.models?.available = [listed("third:7b", gigabytes: 5)]
                $0.load("third:7b")
            },
        ]
        let third = rank(request, fleet)
        #expect(third.order == [2])
        #expect(try #require(third.candidate(2)).servedModel == "third:7b")
        #expect(third.reason(1) == .modelMissing)
        request.fallbackModels = ["second:7b"]
        let cold = try #require(rank(request, fleet).candidate(1))
        #expect(cold.servedModel == "first:7b", "no hot one: the first that anybody has")
        var missing = chat("nowhere:7b")
        missing.fallbackModels = ["nowhere:8b", "second:7b", "first:7b"]
        #expect(try #require(rank(missing, fleet).candidate(1)).servedModel == "second:7b")
    }

    @Test func fallbacksDoNotCrossCapabilities() {
        var request = RouteRequest(model: "gone:7b", kind: .embed)
        request.fallbackModels = ["small:7b"]
        let ranking = rank(
            request, [machine(1) { $0.models?.available = [listed("small:7b", gigabytes: 5, can: ["completion"])] }])
        #expect(ranking.candidates.isEmpty)
        #expect(ranking.reason(1) == .modelMissing, "the reasons are those of the model asked for")
        #expect(ranking.modelKnown)
    }

    @Test func endlessFallbacksAreCut() {
        var request = chat("gone:7b")
        request.fallbackModels = Array(repeating: "gone:8b", count: Scorer.fallbackLimit) + ["small:7b"]
        #expect(rank(request, [machine(1)]).candidates.isEmpty)
        request.fallbackModels.removeFirst()
        #expect(rank(request, [machine(1)]).order == [1])
    }

    @Test func aModelOfAnUnreachableMachineIsKnown() {
        let ranking = rank([machine(1, status: .unreachable), machine(2) { $0.models?.available = [] }])
        #expect(ranking.candidates.isEmpty)
        #expect(ranking.modelKnown)
        #expect(ranking.reason(1) == .unreachable)
        #expect(ranking.reason(2) == .modelMissing)
    }

    @Test func anEmptyFleetHasNoCandidates() {
        let ranking = rank([])
        #expect(ranking.candidates.isEmpty && ranking.eliminated.isEmpty && !ranking.modelKnown)
    }

    /// Three machines with 0, 2 and 6 requests: the median is 2. At 5 s half of each figure is the median.
    @Test(arguments: [(0, [0.0, 2, 6]), (5, [1, 2, 4]), (10, [2, 2, 2])])
    func loadFadesToTheFleetMedian(age: Int, depths: [Double]) throws {
        let fleet = [(1, 0), (2, 2), (3, 6)].map { number, running in
            machine(UInt64(number)) {
                $0.load()
                $0.busy(inFlight: UInt16(running))
                $0.age(.seconds(age))
            }
        }
        let ranking = rank(fleet, configuration: .unbounded)
        for (number, depth) in zip([1, 2, 3] as [UInt64], depths) {
            #expect(abs(try #require(ranking.signals(number)).queueDepth + 6 * depth) < 1e-9)
            #expect(try #require(ranking.candidate(number)).recordAge == .seconds(age))
        }
    }

    /// An old record neither speaks for itself nor for the median.
    @Test func anOldRecordIsTakenForTheMedian() throws {
        let fleet = [
            machine(1) {
                $0.load(); $0.busy(inFlight: 9); $0.age(.seconds(11))
            },
            machine(2) {
                $0.load(); $0.busy(inFlight: 1)
            },
            machine(3) {
                $0.load(); $0.busy(inFlight: 2)
            },
        ]
        #expect(try #require(rank(fleet).signals(1)).queueDepth == -9)
    }

    @Test func ownFiguresDoNotAge() throws {
        let fleet = [
            machine(1) {
                $0.load(); $0.age(.seconds(9))
            },
            machine(2) {
                $0.load(); $0.busy(inFlight: 4)
            },
        ]
        #expect(try #require(rank(fleet, selfID: peer(1)).signals(1)).queueDepth == 0)
        #expect(try #require(rank(fleet).signals(1)).queueDepth < 0)
    }

    @Test func ownDispatchesCount() throws {
        let key = ModelKey(name: "small:7b")
        let version = RecordVersion(generation: 1, counter: 10)
        var deltas = OwnDeltas()
        for _ in 0..<3 { deltas.dispatched(to: peer(1), model: key, version: version) }
        deltas.dispatched(to: peer(1), model: ModelKey(name: "other"), version: version)
        let fleet = [
            machine(1) {
                $0.load(); $0.busy(inFlight: 1)
            },
            machine(2) {
                $0.load(); $0.busy(inFlight: 2)
            },
        ]
        let ranking = rank(fleet, deltas: deltas)
        #expect(ranking.order == [2, 1])
        let first = try #require(ranking.candidate(1))
        #expect(first.ownDelta == 3)
        #expect(first.signals.queueDepth == -24)
        #expect(first.recordVersion == version)
        let newer = [
            machine(1) {
                $0.load(); $0.busy(inFlight: 1); $0.hotVersion.counter = 11
            }
        ]
        #expect(try #require(rank(newer, deltas: deltas).candidate(1)).ownDelta == 0)
    }

    @Test func aTakenOverIndexGivesTheSameRanking() {
        let old = (1...8).map { machine(UInt64($0)) }
        let changes: [(inout MemberView) -> Void] = [
            { $0.busy(inFlight: 4) }, { $0.load() }, { $0.fixed?.bandwidthGBps = 300 }, { $0.hot?.draining = true },
            { $0.status = .suspect }, { $0.models = nil },
        ]
        for change in changes {
            var members = old
            change(&members[2])
            let previous = Scorer(view: view(old))
            var (a, b) = (SeededGenerator(seed: 5), SeededGenerator(seed: 5))
            func run(_ scorer: Scorer, _ generator: inout SeededGenerator) -> Ranking {
                scorer.rank(
                    chat(), deltas: OwnDeltas(), latencies: LatencyHistory(), affinity: SessionAffinity(), now: now,
                    using: &generator)
            }
            let fresh = run(Scorer(view: view(members)), &a)
            let reused = run(Scorer(view: view(members), previous: previous), &b)
            #expect(fresh.candidates == reused.candidates)
            #expect(fresh.eliminated.map { $0.peer } == reused.eliminated.map { $0.peer })
        }
    }
}

extension ScoringConfiguration {
    /// Penalties without bound, so that tests see the figure itself.
    static var unbounded: ScoringConfiguration {
        var configuration = ScoringConfiguration()
        configuration.queueDepthMaxPenalty = 1e9
        return configuration
    }
}
