import Gossip
import Testing

@Suite("Sleep that is announced")
struct SleepTests {
    @Test("a peer that announces its sleep is asleep everywhere at once: not probed, not accused, not dead", arguments: [2, 4])
    func asleep(count: Int) {
        var fleet = Fleet(count)
        fleet.join()
        fleet.give(1, .suspending)
        fleet.run(for: .milliseconds(20))
        #expect(fleet.allSee(.asleep, of: 1))
        fleet.nodes[1].isUp = false
        fleet.startTranscript()
        fleet.run(for: .seconds(60))
        #expect(fleet.allSee(.asleep, of: 1))
        for observer in fleet.nodes.indices where observer != 1 {
            #expect(
                !fleet.changes(at: observer).contains {
                    $0.hasPrefix("1 ") && ($0.hasSuffix("suspect") || $0.hasSuffix("unreachable"))
                })
        }
        // Dialled like an unreachable one, and no more than that.
        let dials = fleet.transcript.filter { $0.contains("0>1 ") }
        #expect(dials.count >= 4 && dials.count <= 40 && dials.allSatisfy { $0.contains("1 is asleep") }, "\(dials)")
        #expect(fleet.nodes[0].herd.memberEntry(Fleet.id(1))?.record != nil)
    }

    @Test("back from sleep, everybody is told within milliseconds, and two peers are asked for state", arguments: [2, 5])
    func back(count: Int) {
        var fleet = Fleet(count)
        fleet.join()
        fleet.give(1, .suspending)
        fleet.nodes[1].isUp = false
        fleet.run(for: .seconds(300))
        #expect(fleet.allSee(.asleep, of: 1))
        let syncs = fleet.nodes[1].syncs.count
        let incarnation = fleet.nodes[1].herd.selfRecord.incarnation
        fleet.nodes[1].isUp = true
        fleet.give(1, .resumed(after: .seconds(300)))
        #expect(fleet.nodes[1].syncs.count == syncs + min(2, count - 1))
        #expect(fleet.nodes[1].herd.selfRecord.incarnation == incarnation + 1)
        fleet.run(for: .milliseconds(10))
        #expect(fleet.allSee(.alive, of: 1))
        fleet.run(for: .seconds(20))
        for subject in 0..<count { #expect(fleet.allSee(.alive, of: subject)) }
    }

    @Test("a machine that did not sleep after all is back after ten seconds, and silent until then")
    func noSleep() {
        var fleet = Fleet(3)
        fleet.join()
        fleet.give(1, .suspending)
        fleet.run(for: .milliseconds(50))
        fleet.startTranscript()
        fleet.run(for: .milliseconds(9_900))
        #expect(fleet.allSee(.asleep, of: 1))
        let own = fleet.transcript.filter { $0.contains(" 1>") }
        #expect(!own.isEmpty && own.allSatisfy { $0.hasSuffix("ack | 1 is asleep 1.0") }, "\(own)")
        fleet.run(for: .milliseconds(200))
        #expect(fleet.allSee(.alive, of: 1))
        #expect(fleet.nodes[1].herd.memberEntries.allSatisfy { $0.status == .alive })
    }

    @Test("who missed the announcement learns it from the answer to its next probe")
    func missed() {
        var fleet = Fleet(2)
        fleet.join()
        fleet.cut = [[1, 0]]
        fleet.give(1, .suspending)
        fleet.run(for: .milliseconds(5))
        fleet.cut = []
        #expect(fleet.status(of: 1, at: 0) == .alive)
        fleet.run(for: .milliseconds(600))
        #expect(fleet.status(of: 1, at: 0) == .asleep)
    }

    @Test("a peer that is said to be asleep and is not says so")
    func refuted() {
        var fleet = Fleet(3)
        fleet.join()
        var rumour = fleet.nodes[2].herd.selfRecord
        rumour.status = .asleep
        rumour.endpoint = Fleet.endpoint(2)
        let gossip = Datagram(
            sender: Fleet.id(0).short, generation: 1, incarnation: fleet.nodes[0].herd.selfRecord.incarnation, hotCounter: 0,
            localHealth: 0, message: .gossip, items: [.member(rumour)])
        fleet.give(1, .datagram(gossip, from: Fleet.endpoint(0)))
        #expect(fleet.status(of: 2, at: 1) == .asleep)
        fleet.run(for: .seconds(5))
        #expect(fleet.allSee(.alive, of: 2))
    }

    @Test("shutdown and a second announcement while it dozes; own reports are told after it")
    func dozing() {
        var fleet = Fleet(2)
        fleet.join()
        fleet.give(1, .suspending)
        var report = HotReport()
        report.inFlight = 7
        fleet.give(1, .hot(report))
        fleet.give(1, .ownEndpoint(Endpoint(.v4(0x0A00_0002), port: 11_445)))
        fleet.give(1, .candidate(Fleet.endpoint(0), source: .mdns, expected: nil))
        fleet.give(1, .synced(fleet.nodes[0].herd.syncMessage(now: fleet.now), from: Fleet.endpoint(0)))
        fleet.run(for: .seconds(5))
        fleet.give(1, .suspending)
        fleet.run(for: .seconds(9))
        #expect(fleet.status(of: 1, at: 0) == .asleep)
        fleet.run(for: .seconds(2))
        #expect(fleet.status(of: 1, at: 0) == .alive && fleet.entry(of: 1, at: 0)?.hot?.inFlight == 7)
        fleet.give(1, .suspending)
        fleet.give(1, .shutdown)
        fleet.run(for: .milliseconds(20))
        #expect(fleet.status(of: 1, at: 0) == .left)
    }

    @Test("a router that announces its sleep hands the lease over, and stands again when it is back", arguments: [2, 3])
    func router(count: Int) throws {
        var fleet = Fleet(count)
        fleet.carriesLease = true
        for index in 0..<count { fleet.give(index, .candidacy(Candidacy(priority: 50, seasoned: true))) }
        fleet.join()
        fleet.run(for: .seconds(3))
        let first = try #require(fleet.nodes.indices.first { fleet.nodes[$0].herd.isRouter(now: fleet.now) })
        fleet.give(first, .suspending)
        #expect(!fleet.nodes[first].herd.isRouter(now: fleet.now))
        fleet.run(for: .milliseconds(200))
        let second = try #require(fleet.nodes.indices.first { fleet.nodes[$0].herd.isRouter(now: fleet.now) })
        #expect(second != first)
        // Nothing is out in its name: the next start has nothing to wait for.
        #expect(fleet.nodes[first].herd.router(now: fleet.now) == nil)
        fleet.nodes[first].isUp = false
        fleet.run(for: .seconds(30))
        fleet.nodes[first].isUp = true
        fleet.give(first, .resumed(after: .seconds(30)))
        fleet.run(for: .seconds(3))
        let routers = fleet.nodes.indices.filter { fleet.nodes[$0].herd.isRouter(now: fleet.now) }
        #expect(routers == [second])
        #expect(fleet.nodes[first].herd.router(now: fleet.now)?.id == Fleet.id(second))
        fleet.nodes[second].isUp = false
        fleet.run(for: .seconds(10))
        let left = fleet.nodes.indices.filter { fleet.nodes[$0].isUp && fleet.nodes[$0].herd.isRouter(now: fleet.now) }
        #expect(left.count == 1)
    }
}
