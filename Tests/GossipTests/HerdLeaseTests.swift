import Gossip
import Testing

@Suite("Membership and lease together")
struct HerdLeaseTests {
    private func elect(_ count: Int, seed: UInt64 = 1) -> Fleet {
        var fleet = Fleet(count, seed: seed)
        fleet.carriesLease = true
        for index in 0..<count { fleet.give(index, .candidacy(Candidacy(priority: 50, seasoned: true))) }
        fleet.join()
        fleet.run(for: .seconds(5))
        return fleet
    }

    private func routers(_ fleet: Fleet) -> [Int] {
        fleet.nodes.indices.filter { fleet.nodes[$0].isUp && fleet.nodes[$0].herd.isRouter(now: fleet.now) }
    }

    @Test("a fleet elects one router that everybody obeys, and that has the fence everywhere", arguments: [1, 2, 3, 5])
    func one(count: Int) throws {
        let fleet = elect(count)
        let router = try #require(routers(fleet).first)
        #expect(routers(fleet).count == 1)
        let view = try #require(fleet.nodes[router].herd.router(now: fleet.now))
        #expect(view.id == Fleet.id(router) && view.mode == .quorate)
        for node in fleet.nodes {
            #expect(node.herd.router(now: fleet.now) == view)
            #expect(node.herd.leaseAnnouncement(now: fleet.now)?.epoch == view.epoch)
            #expect(node.herd.admits(epoch: view.epoch, router: view.id, now: fleet.now))
            #expect(!node.herd.admits(epoch: view.epoch + 1, router: view.id, now: fleet.now))
        }
    }

    @Test("another takes over when the router dies, and at once when it says goodbye", arguments: [2, 3])
    func takeOver(count: Int) throws {
        for isPolite in [false, true] {
            var fleet = elect(count, seed: 7)
            let router = try #require(routers(fleet).first)
            if isPolite { fleet.give(router, .shutdown) }
            fleet.run(for: .milliseconds(isPolite ? 10 : 0))
            fleet.nodes[router].isUp = false
            let start = fleet.now
            fleet.run(for: .seconds(20)) { !routers($0).isEmpty }
            #expect(fleet.now - start <= (isPolite ? .milliseconds(600) : .seconds(4)))
            #expect(routers(fleet).count == 1)
        }
    }

    private func isQuorate(_ fleet: Fleet, _ index: Int) -> Bool {
        fleet.nodes[index].herd.isRouter(now: fleet.now) && fleet.nodes[index].herd.leaseRules.mode(now: fleet.now) == .quorate
    }

    @Test("when one of two leaves in order, the other is quorate", arguments: [true, false])
    func lastOfTwo(routerLeaves: Bool) throws {
        var fleet = elect(2, seed: 3)
        let router = try #require(routers(fleet).first)
        #expect(isQuorate(fleet, router))
        let leaver = routerLeaves ? router : 1 - router
        fleet.give(leaver, .shutdown)
        fleet.run(for: .milliseconds(200))
        fleet.nodes[leaver].isUp = false
        fleet.run(for: .seconds(2))
        #expect(isQuorate(fleet, 1 - leaver))
        #expect(fleet.nodes[1 - leaver].herd.leaseRules.roster.peers == [Fleet.id(1 - leaver)])
    }

    @Test("a sleeping peer stays in the roster, and one that left does not")
    func sleeperStays() throws {
        var fleet = elect(3, seed: 4)
        fleet.run(for: .seconds(10)) { $0.nodes.allSatisfy { $0.herd.leaseRules.rosterSize == 3 } }
        let router = try #require(routers(fleet).first)
        let others = fleet.nodes.indices.filter { $0 != router }
        fleet.give(others[0], .shutdown)
        fleet.run(for: .seconds(2))
        #expect(fleet.nodes[router].herd.leaseRules.rosterSize == 2)
        fleet.give(others[1], .suspending)
        fleet.run(for: .seconds(2))
        #expect(fleet.nodes[router].herd.leaseRules.roster.contains(Fleet.id(others[1])))
    }

    @Test("a roster too large for a datagram travels in steps, and whole over TCP to who missed one")
    func largeRoster() throws {
        var fleet = elect(52, seed: 5)
        func isWhole(_ fleet: Fleet) -> Bool {
            fleet.nodes.allSatisfy { $0.herd.leaseRules.roster.peers.count == 52 }
                && Set(fleet.nodes.map { $0.herd.leaseRules.roster.hash }).count == 1
        }
        fleet.run(for: .seconds(25)) { $0.nodes[0].herd.leaseRules.roster.peers.count >= 49 }
        // One of them misses a step.
        for other in fleet.nodes.indices { fleet.cut.formUnion([[7, other], [other, 7]]) }
        fleet.run(for: .milliseconds(1_300))
        fleet.cut = []
        fleet.run(for: .seconds(40)) { isWhole($0) }
        #expect(isWhole(fleet))
        let router = try #require(routers(fleet).first)
        #expect(routers(fleet).count == 1 && isQuorate(fleet, router))
    }
}
