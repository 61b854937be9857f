import Gossip
import Testing

@Suite("Two processes under one id")
struct TwinTests {
    private func clashes(_ fleet: Fleet, at index: Int) -> Int {
        fleet.count(at: index) { if case .identityClash = $0 { true } else { false } }
    }

    @Test("the younger of two twins takes a new id, once; the older keeps it", arguments: [UInt64(1), 2, 3])
    func twins(seed: UInt64) {
        var fleet = Fleet(3, seed: seed)
        fleet.join()
        fleet.run(for: .seconds(20))
        // A copy of peer 1 starts at another address and joins by peer 0.
        fleet.addNode(id: Fleet.id(1), endpoint: Fleet.endpoint(9))
        fleet.give(3, .candidate(Fleet.endpoint(0), source: .seed, expected: nil))
        fleet.run(for: .seconds(120))
        #expect(fleet.nodes[3].reidentified == 1)
        for other in 0..<3 { #expect(fleet.nodes[other].reidentified == 0) }
        #expect(clashes(fleet, at: 1) > 0 && clashes(fleet, at: 3) > 0)
    }

    @Test("a machine's snapshot, restored beside the original: the copy gives way although all its counters are the same")
    func snapshot() {
        var fleet = Fleet(3)
        fleet.join()
        let copy = fleet.nodes[1].herd
        let frozenAt = fleet.now
        fleet.run(for: .seconds(100))
        // The copy's boot clock stood still meanwhile.
        fleet.addNode(id: Fleet.id(1), endpoint: Fleet.endpoint(9))
        fleet.nodes[3].herd = copy
        fleet.nodes[3].clockLag = fleet.now - frozenAt
        fleet.run(for: .seconds(60))
        #expect(fleet.nodes[3].reidentified == 1 && fleet.nodes[1].reidentified == 0)
    }

    @Test("twins of the same age agree by their addresses", arguments: [UInt64(1), 2, 3, 4])
    func sameAge(seed: UInt64) {
        var fleet = Fleet(1, seed: seed)
        fleet.addNode(id: Fleet.id(5), endpoint: Fleet.endpoint(5))
        fleet.addNode(id: Fleet.id(5), endpoint: Fleet.endpoint(6))
        fleet.give(1, .candidate(Fleet.endpoint(6), source: .mdns, expected: Fleet.id(5).short))
        fleet.give(2, .candidate(Fleet.endpoint(5), source: .mdns, expected: Fleet.id(5).short))
        fleet.run(for: .seconds(20))
        #expect(fleet.nodes[1].reidentified == 0 && fleet.nodes[2].reidentified == 1)
    }

    @Test("a peer with several addresses that hears itself everywhere never takes a new id")
    func echo() {
        var fleet = Fleet(2)
        fleet.join()
        // Node 1 has a second address: what is sent there comes back to it.
        let second = Fleet.endpoint(40)
        fleet.nodes[1].aliases = [second]
        for _ in 0..<30 {
            fleet.give(1, .candidate(second, source: .mdns, expected: Fleet.id(1).short))
            let own = Datagram(
                sender: Fleet.id(1).short, generation: 1, incarnation: fleet.nodes[1].herd.selfRecord.incarnation,
                hotCounter: 0, localHealth: 0, message: .gossip)
            fleet.give(1, .datagram(own, from: second))
            fleet.run(for: .seconds(1))
        }
        #expect(fleet.nodes[1].reidentified == 0 && clashes(fleet, at: 1) == 0)
    }

    @Test("one answer is not enough, and unasked ones count for nothing")
    func forged() {
        var fleet = Fleet(2)
        fleet.join()
        let from = Fleet.endpoint(30)
        func answer(_ sequence: UInt32) -> Datagram {
            Datagram(
                sender: Fleet.id(1).short, generation: 1, incarnation: 0, hotCounter: 0, localHealth: 0,
                message: .ack(sequence: sequence), items: [.uptime(milliseconds: 1 << 40)])
        }
        for sequence in 0..<2_000 { fleet.give(1, .datagram(answer(UInt32(sequence)), from: from)) }
        #expect(fleet.nodes[1].reidentified == 0)
        // Its question is answered once, by somebody who saw it.
        fleet.startTranscript()
        fleet.give(1, .candidate(from, source: .mdns, expected: Fleet.id(1).short))
        guard let sequence = fleet.lastPing(of: 1, to: from) else {
            Issue.record("no question was asked")
            return
        }
        fleet.give(1, .datagram(answer(sequence), from: from))
        #expect(clashes(fleet, at: 1) == 1)
        for _ in 0..<5 { fleet.give(1, .datagram(answer(sequence), from: from)) }
        // The second question is asked, and from another address the answer does not count.
        fleet.run(for: .milliseconds(1_100))
        if let second = fleet.lastPing(of: 1, to: from) { fleet.give(1, .datagram(answer(second), from: Fleet.endpoint(31))) }
        fleet.run(for: .seconds(60))
        #expect(fleet.nodes[1].reidentified == 0)
    }
}
