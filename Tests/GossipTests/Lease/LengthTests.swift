import Gossip
import Testing

@Suite("The length of a lease follows the network")
struct LengthTests {
    /// One holder and two voters of its view, driven by hand: 0 is `me`.
    private struct Bench {
        static let me = PeerID(short: 1, low: 0)
        static let voters = [PeerID(short: 2, low: 0), PeerID(short: 3, low: 0)]

        var rules: LeaseRules
        var now = Instant(nanoseconds: 1_000_000_000)
        /// The voters whose answers come through.
        var answering: Set<PeerID> = []
        var length: UInt16 = 0

        init(voters: Int = 2, configuration: LeaseConfiguration = LeaseConfiguration()) {
            rules = LeaseRules(
                selfID: Self.me, candidacy: Candidacy(), durable: DurableLease(), configuration: configuration, seed: 1, now: now)
            let peers = Self.voters.prefix(voters).map { LeasePeer(id: $0, candidacy: Candidacy(priority: 0)) }
            answering = Set(peers.map(\.id))
            take(rules.handle(.view(peers: peers), now: now))
        }

        mutating func take(_ actions: [LeaseAction]) {
            var answers: [LeaseEvent] = []
            for case .send(let message, let id) in actions where answering.contains(id) {
                switch message {
                case .preVote(let round):
                    answers.append(.message(.preVoteReply(round: round, yes: true, maxEpoch: 0), from: id))
                case .request(let epoch, let round, let length):
                    self.length = length
                    answers.append(.message(.granted(epoch: epoch, round: round), from: id))
                default: break
                }
            }
            for answer in answers { take(rules.handle(answer, now: now)) }
        }

        mutating func run(_ duration: Duration) {
            let end = now + duration
            while rules.nextWake <= end {
                now = max(now, rules.nextWake)
                take(rules.handle(.wake, now: now))
            }
            now = end
        }

        /// Nobody answers for so long; then all do again.
        mutating func outage(_ duration: Duration) {
            let answering = self.answering
            self.answering = []
            run(duration)
            self.answering = answering
            run(.seconds(3))
        }
    }

    @Test(
        "Gaps of less than half of L change nothing; a wider one makes L two and a half times as long, at most 5 s",
        arguments: [(300, 2_000), (500, 2_000), (1_100, 3_000), (1_400, 3_700), (3_000, 5_000)])
    func widens(outage: Int, least: UInt16) {
        var bench = Bench()
        bench.run(.seconds(10))
        #expect(bench.rules.isRouter(now: bench.now) && bench.length == 2_000)
        bench.outage(.milliseconds(Int64(outage)))
        #expect(bench.rules.isRouter(now: bench.now))
        // The gap is the outage and up to one renewal and one repetition beside it.
        #expect((least...min(5_000, least == 2_000 ? 2_000 : least + 1_300)).contains(bench.length), "\(bench.length)")
    }

    @Test("After thirty quiet minutes L is 2 s again, and an outage in between starts them anew")
    func narrows() {
        var bench = Bench()
        bench.run(.seconds(10))
        bench.outage(.milliseconds(1_900))
        let wide = bench.length
        #expect(wide >= 4_700)
        bench.run(.seconds(1_700))
        bench.outage(.milliseconds(3_000))
        bench.run(.seconds(1_700))
        #expect(bench.length == 5_000)
        bench.run(.seconds(120))
        #expect(bench.length == 2_000)
        #expect(bench.rules.isRouter(now: bench.now))
    }

    @Test("The answers of a majority are enough: who is no part of it makes no gap")
    func minority() {
        var bench = Bench()
        bench.run(.seconds(10))
        bench.answering.remove(Bench.voters[1])
        bench.run(.seconds(30))
        bench.answering.insert(Bench.voters[1])
        bench.run(.seconds(30))
        #expect(bench.length == 2_000)
    }

    @Test("A peer that is gone for good, or comes back late, is no reason for a longer lease")
    func gone() {
        var bench = Bench(voters: 1)
        bench.run(.seconds(10))
        bench.answering = []
        bench.run(.seconds(2))
        bench.take(bench.rules.handle(.view(peers: []), now: bench.now))
        bench.run(.seconds(60))
        #expect(bench.rules.isRouter(now: bench.now))
        bench.answering = [Bench.voters[0]]
        bench.take(
            bench.rules.handle(.view(peers: [LeasePeer(id: Bench.voters[0], candidacy: Candidacy(priority: 0))]), now: bench.now))
        bench.run(.seconds(10))
        #expect(bench.length == 2_000)
    }

    @Test("The next router goes on with the length that the last one needed")
    func inherits() {
        var rules = LeaseRules(
            selfID: Bench.me, candidacy: Candidacy(), durable: DurableLease(), configuration: LeaseConfiguration(), seed: 1,
            now: .zero)
        let other = Bench.voters[0]
        func at(_ milliseconds: Int64) -> Instant { .zero + .milliseconds(milliseconds) }
        _ = rules.handle(.view(peers: [LeasePeer(id: other)]), now: at(1))
        _ = rules.handle(.message(.request(epoch: 3, round: 1, lengthMilliseconds: 4_500), from: other), now: at(10))
        let actions = rules.handle(.message(.handOver(epoch: 3, successor: Bench.me), from: other), now: at(20))
        let lengths = actions.compactMap { action -> UInt16? in
            if case .send(.request(_, _, let length), _) = action { length } else { nil }
        }
        #expect(lengths == [4_500])
    }

    /// What a bursty Wi-Fi costs three peers in four hours: how often a router lost its majority, although all lived.
    private func falseStepDowns(seed: UInt64, adaptive: Bool) -> Int {
        var configuration = LeaseConfiguration()
        if !adaptive { configuration.longestLength = configuration.length }
        var world = LeaseWorld(3, seed: seed, configuration: configuration)
        world.lossPerMille = 20
        world.see([0, 1, 2])
        var generator = SeededGenerator(seed: seed)
        // (when, peer, until) of the outages: short ones about every 20 s, long ones about every 10 min, at each peer.
        var outages: [(at: Instant, peer: Int, end: Instant)] = []
        for peer in 0..<3 {
            for (every, least, most) in [(20_000, 100, 500), (600_000, 1_000, 3_000)] as [(Int64, Int64, Int64)] {
                var at = world.now
                while at < world.now + .seconds(4 * 3_600) {
                    at = at + .milliseconds(Int64.random(in: every / 2...every * 3 / 2, using: &generator))
                    outages.append((at, peer, at + .milliseconds(Int64.random(in: least...most, using: &generator))))
                }
            }
        }
        outages.sort { ($0.at, $0.peer) < ($1.at, $1.peer) }
        for outage in outages where outage.at > world.now {
            world.run(outage.at - world.now)
            let others = [0, 1, 2].filter { $0 != outage.peer }
            for other in others { world.cuts.formUnion([[outage.peer, other], [other, outage.peer]]) }
            world.run(outage.end - world.now)
            for other in others { world.cuts.subtract([[outage.peer, other], [other, outage.peer]]) }
        }
        return world.notes.count { if case .steppedDown(_, .lostMajority) = $0.note { true } else { false } }
    }

    @Test("On a bursty Wi-Fi the longer lease saves most false step-downs")
    func wifi() {
        var fixed = 0
        var adaptive = 0
        for seed: UInt64 in 1...3 {
            fixed += falseStepDowns(seed: seed, adaptive: false)
            adaptive += falseStepDowns(seed: seed, adaptive: true)
        }
        // 12 hours each. Measured at first: see the decision record.
        #expect(fixed >= 24, "\(fixed) in twelve hours with L = 2 s")
        #expect(3 * adaptive <= fixed, "\(adaptive) instead of \(fixed)")
    }

    @Test("A sound network keeps L at 2 s, and so the time to the next router")
    func sound() {
        var world = LeaseWorld(3)
        world.lossPerMille = 50
        world.see([0, 1, 2])
        world.run(.seconds(1_800))
        #expect(world.settled)
        let lengths = Set(
            world.sent.compactMap { entry -> UInt16? in
                if case .request(_, _, let length) = entry.message { length } else { nil }
            })
        #expect(lengths == [2_000])
    }
}
