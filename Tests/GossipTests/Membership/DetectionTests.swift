import Gossip
import Testing

@Suite("Noticing the dead")
struct DetectionTests {
    /// Seconds from a crash until the first and until all others know it, over several crashes.
    private func detect(_ count: Int, loss: Double = 0, rounds: Int) -> (first: [Double], all: [Double]) {
        var first: [Double] = []
        var all: [Double] = []
        for round in 0..<rounds {
            var fleet = Fleet(count, seed: UInt64(round + 1))
            fleet.join()
            fleet.loss = loss
            fleet.run(for: .milliseconds(3_000 + 137 * Int64(round)))
            let victim = count - 1
            fleet.nodes[victim].isUp = false
            let start = fleet.now
            fleet.run(for: .seconds(60)) { fleet in
                (0..<victim).contains { fleet.status(of: victim, at: $0) == .unreachable }
            }
            first.append(Double((fleet.now - start).wholeMilliseconds) / 1_000)
            fleet.run(for: .seconds(60)) { $0.allSee(.unreachable, of: victim) }
            all.append(Double((fleet.now - start).wholeMilliseconds) / 1_000)
        }
        return (first.sorted(), all.sorted())
    }

    @Test("a crash is noticed within the protocol's bounds", arguments: [(2, 5.0), (3, 5.0), (10, 5.0), (30, 6.0)])
    func crash(count: Int, bound: Double) throws {
        let times = detect(count, rounds: 20)
        let median = times.first[10]
        #expect(times.first[0] >= 2)
        #expect(times.first[18] <= bound, "median \(median), 95 % \(times.first[18])")
        #expect(times.all[18] <= times.first[18] + 0.6, "all \(times.all[18])")
        #expect(median <= bound - 0.3)
    }

    @Test("one fifth of all datagrams lost delays the notice only a little", arguments: [(3, 6.0), (10, 6.0)])
    func crashUnderLoss(count: Int, bound: Double) {
        let times = detect(count, loss: 0.2, rounds: 20)
        #expect(times.first[18] <= bound, "95 % \(times.first[18])")
    }

    @Test("one fifth of all datagrams lost kills nobody", arguments: [2, 3, 10])
    func lossKillsNobody(count: Int) {
        var fleet = Fleet(count, seed: 3)
        fleet.join()
        fleet.loss = 0.2
        fleet.run(for: .seconds(600))
        for observer in 0..<count {
            #expect(!fleet.changes(at: observer).contains { $0.hasSuffix("unreachable") })
        }
    }

    @Test("one failed probe accuses nobody; two in a row do")
    func twoStrikes() {
        var fleet = Fleet(2)
        fleet.join()
        fleet.hasTCP = false
        // A gap that can fail one probe of 500 ms, never two.
        for _ in 0..<20 {
            fleet.cut = [[0, 1]]
            fleet.run(for: .milliseconds(450))
            fleet.cut = []
            fleet.run(for: .milliseconds(4_000))
        }
        #expect(fleet.changes(at: 0) == ["1 ->alive"])
        fleet.cut = [[0, 1]]
        fleet.run(for: .milliseconds(2_200))
        #expect(fleet.changes(at: 0) == ["1 ->alive", "1 alive>suspect"])
    }

    @Test("a suspect that hears of it refutes, and all believe it")
    func refutation() {
        var fleet = Fleet(3)
        fleet.join()
        let accusation = Item.suspect(Fleet.id(2), generation: 1, incarnation: 0, by: Fleet.id(0).short)
        let gossip = Datagram(
            sender: Fleet.id(0).short, generation: 1, incarnation: 0, hotCounter: 0, localHealth: 0, message: .gossip,
            items: [accusation])
        fleet.give(1, .datagram(gossip, from: Fleet.endpoint(0)))
        #expect(fleet.status(of: 2, at: 1) == .suspect)
        fleet.run(for: .seconds(1))
        #expect(fleet.status(of: 2, at: 1) == .alive && fleet.status(of: 2, at: 0) == .alive)
        #expect(fleet.nodes[2].herd.selfRecord.incarnation == 1)
        #expect(fleet.count(at: 2) { $0 == .refuted(incarnation: 1) } == 1)
        // The same accusation again is older than the refutation.
        fleet.give(1, .datagram(gossip, from: Fleet.endpoint(0)))
        #expect(fleet.status(of: 2, at: 1) == .alive)
        fleet.give(2, .datagram(gossip, from: Fleet.endpoint(0)))
        #expect(fleet.nodes[2].herd.selfRecord.incarnation == 1)
    }

    @Test("the last-chance probes save a suspect that comes back at the very end")
    func lastChance() {
        var fleet = Fleet(2)
        fleet.join()
        fleet.hasTCP = false
        fleet.cut = [[0, 1], [1, 0]]
        var pings: [Instant] = []
        fleet.run(for: .seconds(30)) { fleet in fleet.status(of: 1, at: 0) == .suspect }
        let start = fleet.now
        // Suspicion lasts 2.25 s for two peers; then four probes 100 ms apart.
        fleet.run(for: .milliseconds(2_245))
        let before = fleet.nodes[0].datagrams
        fleet.run(for: .milliseconds(310))
        pings.append(start)
        #expect(fleet.nodes[0].datagrams - before >= 4)
        #expect(fleet.status(of: 1, at: 0) == .suspect)
        fleet.cut = []
        fleet.run(for: .milliseconds(600))
        #expect(fleet.status(of: 1, at: 0) == .alive)
        #expect(!fleet.changes(at: 0).contains("1 suspect>unreachable"))
    }

    @Test("a restart beats every old rumour at once")
    func restart() {
        var fleet = Fleet(3)
        fleet.join()
        fleet.nodes[2].isUp = false
        fleet.run(for: .seconds(10))
        #expect(fleet.allSee(.unreachable, of: 2))
        fleet.restart(2, generation: 2)
        fleet.give(2, .candidate(Fleet.endpoint(0), source: .seed, expected: nil))
        fleet.run(for: .milliseconds(700))
        #expect(fleet.allSee(.alive, of: 2))
        let old = MemberRecord(
            id: Fleet.id(2), generation: 1, incarnation: 900, status: .unreachable, endpoint: Fleet.endpoint(2),
            candidacy: Candidacy(priority: 0))
        let gossip = Datagram(
            sender: Fleet.id(0).short, generation: 1, incarnation: 0, hotCounter: 0, localHealth: 0, message: .gossip,
            items: [.member(old)])
        fleet.give(1, .datagram(gossip, from: Fleet.endpoint(0)))
        #expect(fleet.status(of: 2, at: 1) == .alive)
    }

    @Test("two halves that buried each other are one again after the cut")
    func heal() {
        var fleet = Fleet(4)
        fleet.join()
        fleet.cut = [[0, 2], [0, 3], [1, 2], [1, 3], [2, 0], [3, 0], [2, 1], [3, 1]]
        fleet.run(for: .seconds(30))
        #expect(fleet.status(of: 2, at: 0) == .unreachable && fleet.status(of: 0, at: 3) == .unreachable)
        #expect(fleet.status(of: 1, at: 0) == .alive && fleet.status(of: 3, at: 2) == .alive)
        fleet.cut = []
        fleet.run(for: .seconds(40))
        for subject in 0..<4 { #expect(fleet.allSee(.alive, of: subject)) }
    }

    @Test("a cut between two of three is bridged by the helper: nobody is suspected")
    func indirect() {
        var fleet = Fleet(3)
        fleet.join()
        fleet.hasTCP = false
        fleet.cut = [[0, 1], [1, 0]]
        fleet.run(for: .seconds(60))
        #expect(!fleet.changes(at: 0).contains { $0.hasPrefix("1 alive>") })
        #expect(fleet.status(of: 1, at: 0) == .alive)
    }

    @Test("a refused connection and a farewell hint lead to a probe at once; progress is an ack")
    func evidence() {
        var fleet = Fleet(3)
        fleet.join()
        for event in [HerdEvent.evidence(.refused, of: Fleet.id(2)), .farewellHint(shortID: Fleet.id(2).short)] {
            let before = fleet.nodes[0].datagrams
            fleet.give(0, event)
            #expect(fleet.nodes[0].datagrams == before + 1)
            fleet.run(for: .milliseconds(100))
            #expect(fleet.status(of: 2, at: 0) == .alive)
        }
        fleet.nodes[2].isUp = false
        fleet.give(0, .evidence(.reset, of: Fleet.id(2)))
        fleet.run(for: .milliseconds(1_010))
        #expect(fleet.status(of: 2, at: 0) == .suspect)
        // A hint about nobody does nothing.
        let before = fleet.nodes[0].datagrams
        fleet.give(0, .farewellHint(shortID: 12_345))
        fleet.give(0, .evidence(.refused, of: Fleet.id(77)))
        #expect(fleet.nodes[0].datagrams == before)
    }

    @Test("progress on a relayed request keeps a silent peer from being suspected")
    func progress() {
        var fleet = Fleet(2)
        fleet.join()
        fleet.hasTCP = false
        fleet.cut = [[0, 1], [1, 0]]
        for _ in 0..<100 {
            fleet.give(0, .evidence(.progress, of: Fleet.id(1)))
            fleet.run(for: .milliseconds(100))
        }
        #expect(fleet.changes(at: 0) == ["1 ->alive"])
    }

    @Test("the end of a process makes it unreachable at once, and others soon")
    func processDied() {
        var fleet = Fleet(4)
        fleet.join()
        fleet.nodes[3].isUp = false
        fleet.give(0, .processDied(Fleet.id(3)))
        #expect(fleet.status(of: 3, at: 0) == .unreachable)
        fleet.run(for: .milliseconds(1_100))
        #expect(fleet.allSee(.unreachable, of: 3))
    }

    @Test("a false report of death is refuted")
    func falseDeath() {
        var fleet = Fleet(4)
        fleet.join()
        fleet.give(0, .processDied(Fleet.id(3)))
        fleet.run(for: .seconds(8))
        #expect(fleet.allSee(.alive, of: 3))
        #expect(fleet.nodes[3].herd.selfRecord.incarnation >= 1)
    }

    @Test("after a sleep nobody is accused for two periods, the incarnation rises, and two peers are asked for state")
    func resumed() {
        var fleet = Fleet(4)
        fleet.join()
        let syncs = fleet.nodes[0].syncs.count
        fleet.nodes[0].isUp = false
        fleet.run(for: .seconds(2))
        fleet.nodes[0].isUp = true
        fleet.cut = [[0, 1], [0, 2], [0, 3]]
        fleet.give(0, .resumed(after: .seconds(2)))
        #expect(fleet.nodes[0].herd.localHealth == 3)
        #expect(fleet.nodes[0].herd.selfRecord.incarnation >= 1)
        #expect(fleet.nodes[0].syncs.count == syncs + 2)
        fleet.run(for: .milliseconds(3_900))
        #expect(!fleet.changes(at: 0).contains { $0.contains("suspect") })
        fleet.cut = []
        fleet.run(for: .seconds(20))
        for subject in 0..<4 { #expect(fleet.allSee(.alive, of: subject)) }
        #expect(fleet.nodes[0].herd.localHealth == 0)
    }
}
