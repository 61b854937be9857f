import Gossip
import Testing

@Suite("Peers that UDP does not reach")
struct TunnelTests {
    private func blockUDP(_ fleet: inout Fleet, of index: Int) {
        for other in fleet.nodes.indices where other != index { fleet.udpCut.formUnion([[index, other], [other, index]]) }
    }

    private func deaths(_ fleet: Fleet) -> [String] {
        fleet.nodes.indices.flatMap { fleet.changes(at: $0) }.filter { $0.hasSuffix("unreachable") }
    }

    @Test("a peer that was never reached by UDP joins by TCP, is shown so, and lives", arguments: [2, 5])
    func joins(count: Int) {
        var fleet = Fleet(count)
        blockUDP(&fleet, of: 1)
        fleet.join()
        for other in 0..<count where other != 1 {
            #expect(fleet.entry(of: 1, at: other)?.isUDPBlocked == true)
            #expect(fleet.entry(of: other, at: 1)?.isUDPBlocked == true)
        }
        fleet.run(for: .seconds(600))
        for subject in 0..<count { #expect(fleet.allSee(.alive, of: subject)) }
        #expect(deaths(fleet).isEmpty)
        #expect(!fleet.nodes.indices.contains { fleet.changes(at: $0).contains { $0.hasSuffix("suspect") } })
        for a in 0..<count where a != 1 {
            for b in 0..<count where b != 1 && b != a { #expect(fleet.entry(of: b, at: a)?.isUDPBlocked == false) }
        }
    }

    @Test("UDP that stops under a living peer: nobody dies, and what is new still spreads", arguments: [2, 3, 10])
    func stops(count: Int) {
        var fleet = Fleet(count)
        fleet.join()
        blockUDP(&fleet, of: 1)
        fleet.run(for: .seconds(30))
        #expect(deaths(fleet).isEmpty)
        var report = HotReport()
        report.inFlight = 9
        fleet.give(1, .hot(report))
        fleet.run(for: .seconds(2))
        for other in 0..<count where other != 1 { #expect(fleet.entry(of: 1, at: other)?.hot?.inFlight == 9) }
        fleet.run(for: .seconds(120))
        #expect(deaths(fleet).isEmpty)
    }

    @Test("a blocked peer is probed once a second inside a peer link, and tried by UDP every half minute")
    func cadence() {
        var fleet = Fleet(2)
        blockUDP(&fleet, of: 1)
        fleet.join()
        fleet.run(for: .seconds(30))
        let tunnelled = fleet.nodes[0].tunnelled
        let datagrams = fleet.nodes[0].datagrams
        fleet.run(for: .seconds(300))
        // One question and one answer a second.
        let rate = Double(fleet.nodes[0].tunnelled - tunnelled) / 300
        #expect(rate > 1.4 && rate < 2.3, "\(rate) a second")
        let trials = fleet.nodes[0].datagrams - datagrams
        #expect(trials >= 9 && trials <= 12, "\(trials) in five minutes")
    }

    @Test("when UDP works again it is used again within half a minute")
    func recovers() {
        var fleet = Fleet(2)
        fleet.join()
        blockUDP(&fleet, of: 1)
        fleet.run(for: .seconds(60))
        #expect(fleet.entry(of: 1, at: 0)?.isUDPBlocked == true)
        fleet.udpCut = []
        fleet.run(for: .seconds(35))
        #expect(fleet.entry(of: 1, at: 0)?.isUDPBlocked == false && fleet.entry(of: 0, at: 1)?.isUDPBlocked == false)
        let tunnelled = fleet.nodes[0].tunnelled + fleet.nodes[1].tunnelled
        fleet.run(for: .seconds(30))
        #expect(fleet.nodes[0].tunnelled + fleet.nodes[1].tunnelled == tunnelled)
    }

    @Test("UDP that works one way only is not used, and kills nobody")
    func oneWay() {
        var fleet = Fleet(2)
        fleet.join()
        fleet.udpCut = [[0, 1]]
        fleet.run(for: .seconds(300))
        #expect(deaths(fleet).isEmpty)
        #expect(fleet.entry(of: 1, at: 0)?.isUDPBlocked == true && fleet.entry(of: 0, at: 1)?.isUDPBlocked == true)
        #expect(!fleet.nodes.indices.contains { fleet.changes(at: $0).contains { $0.hasSuffix("suspect") } })
    }

    @Test("a blocked peer that dies is found", arguments: [(2, 7.0), (3, 7.0), (10, 7.0)])
    func dies(count: Int, bound: Double) {
        var times: [Double] = []
        for round in 0..<10 {
            var fleet = Fleet(count, seed: UInt64(round + 1))
            blockUDP(&fleet, of: count - 1)
            fleet.join()
            fleet.run(for: .milliseconds(20_000 + 137 * Int64(round)))
            #expect(fleet.entry(of: count - 1, at: 0)?.isUDPBlocked == true)
            fleet.nodes[count - 1].isUp = false
            let start = fleet.now
            fleet.run(for: .seconds(60)) { $0.allSee(.unreachable, of: count - 1) }
            times.append(Double((fleet.now - start).wholeMilliseconds) / 1_000)
        }
        times.sort()
        #expect(times[9] <= bound && times[0] >= 2, "\(times)")
    }

    @Test("a blocked peer that was cut off and died in all eyes is found again by TCP")
    func returns() {
        var fleet = Fleet(2)
        blockUDP(&fleet, of: 1)
        fleet.join()
        fleet.run(for: .seconds(10))
        fleet.hasTCP = false
        fleet.run(for: .seconds(30))
        #expect(fleet.status(of: 1, at: 0) == .unreachable && fleet.status(of: 0, at: 1) == .unreachable)
        fleet.hasTCP = true
        fleet.run(for: .seconds(15))
        #expect(fleet.status(of: 1, at: 0) == .alive && fleet.status(of: 0, at: 1) == .alive)
    }

    @Test("a fleet without any UDP elects a router and keeps it")
    func election() {
        var fleet = Fleet(3)
        fleet.carriesLease = true
        for index in 0..<3 {
            fleet.give(index, .candidacy(Candidacy(priority: 50, seasoned: true)))
            blockUDP(&fleet, of: index)
        }
        fleet.join()
        fleet.run(for: .seconds(10))
        let routers = (0..<3).filter { fleet.nodes[$0].herd.isRouter(now: fleet.now) }
        #expect(routers.count == 1)
        let epoch = fleet.nodes[0].herd.router(now: fleet.now)?.epoch
        fleet.run(for: .seconds(120))
        for index in 0..<3 { #expect(fleet.nodes[index].herd.router(now: fleet.now)?.epoch == epoch) }
    }

    @Test("an answer to a datagram that came inside a peer link goes back that way, also for a stranger and for others")
    func answers() {
        var fleet = Fleet(3)
        fleet.join()
        let before = fleet.nodes[0].tunnelled
        let sender = fleet.nodes[1].herd.selfRecord
        func datagram(_ message: Message) -> Datagram {
            Datagram(
                sender: sender.id.short, generation: 1, incarnation: sender.incarnation, hotCounter: 0, localHealth: 0,
                message: message)
        }
        fleet.give(0, .tunnelled(datagram(.ping(sequence: 9, target: Fleet.id(0).short)), from: Fleet.endpoint(1)))
        #expect(fleet.nodes[0].tunnelled == before + 1)
        let request = Message.pingRequest(sequence: 10, target: Fleet.id(2).short, endpoint: Fleet.endpoint(2))
        fleet.give(0, .tunnelled(datagram(request), from: Fleet.endpoint(1)))
        fleet.run(for: .milliseconds(5))
        #expect(fleet.nodes[0].tunnelled == before + 2)
        // It was heard by UDP a moment ago, so it is not taken for blocked.
        #expect(fleet.entry(of: 1, at: 0)?.isUDPBlocked == false)
        // A failure for somebody who is not blocked, and for nobody, does nothing.
        let sent = fleet.nodes[0].datagrams
        fleet.give(0, .tunnelFailed(Fleet.endpoint(1)))
        fleet.give(0, .tunnelFailed(Fleet.endpoint(77)))
        #expect(fleet.nodes[0].datagrams == sent)
    }
}
