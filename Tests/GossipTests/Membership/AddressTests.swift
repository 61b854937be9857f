import Gossip
import Testing

@Suite("Addresses and twins")
struct AddressTests {
    @Test("a member that moves is followed by everybody it talks to")
    func moving() {
        var fleet = Fleet(3)
        fleet.join()
        let moved = Endpoint(.v4(0x0A00_00FF), port: 11_445)
        fleet.nodes[2].endpoint = moved
        fleet.run(for: .seconds(4))
        #expect(fleet.entry(of: 2, at: 0)?.endpoint == moved && fleet.entry(of: 2, at: 1)?.endpoint == moved)
        #expect(fleet.allSee(.alive, of: 2))
        #expect(fleet.count(at: 0) { if case .identityClash = $0 { true } else { false } } == 0)
    }

    @Test("the port is the one that the record names, not the one of the datagram")
    func namedPort() {
        var fleet = Fleet(1)
        let record = Fleet.record(Fleet.id(1), port: 11_500)
        let ping = Datagram(
            sender: record.id.short, generation: 1, incarnation: 0, hotCounter: 0, localHealth: 0,
            message: .ping(sequence: 1, target: 0), items: [.member(record)])
        fleet.give(0, .datagram(ping, from: Endpoint(.v4(0x0A00_0002), port: 50_000)))
        #expect(fleet.nodes[0].herd.memberEntry(Fleet.id(1))?.endpoint == Endpoint(.v4(0x0A00_0002), port: 11_500))
    }

    @Test("a loopback address told from another machine means the teller's machine")
    func loopbackRumour() {
        var fleet = Fleet(2)
        fleet.join()
        var record = Fleet.record(Fleet.id(7))
        record.endpoint = Endpoint(.v4(0x7F00_0001), port: 11_600)
        let gossip = Datagram(
            sender: Fleet.id(0).short, generation: 1, incarnation: 0, hotCounter: 0, localHealth: 0, message: .gossip,
            items: [.member(record)])
        fleet.give(1, .datagram(gossip, from: Fleet.endpoint(0)))
        #expect(fleet.nodes[1].herd.memberEntry(Fleet.id(7))?.endpoint == Endpoint(Fleet.endpoint(0).address, port: 11_600))
    }

    @Test("a second address of a live member is not taken for a move")
    func secondAddress() {
        var fleet = Fleet(2)
        fleet.join()
        let other = Endpoint(.v6(high: 0xFD00 << 48, low: 1, scope: 0), port: 11_445)
        fleet.give(1, .candidate(other, source: .mdns, expected: nil))
        #expect(fleet.nodes[1].herd.dialStates.map(\.endpoint) == [Fleet.endpoint(0), other])
        var record = Fleet.record(Fleet.id(0))
        record.incarnation = fleet.nodes[0].herd.selfRecord.incarnation
        let ping = Datagram(
            sender: Fleet.id(0).short, generation: 1, incarnation: record.incarnation, hotCounter: 0, localHealth: 0,
            message: .ping(sequence: 5, target: 0), items: [.member(record)])
        fleet.give(1, .datagram(ping, from: other))
        #expect(fleet.entry(of: 0, at: 1)?.endpoint == Fleet.endpoint(0))
    }

    @Test("two live addresses under one id are reported, not hidden")
    func twins() {
        var fleet = Fleet(2)
        fleet.join()
        fleet.addNode(id: Fleet.id(1), endpoint: Fleet.endpoint(9))
        fleet.give(2, .candidate(Fleet.endpoint(0), source: .seed, expected: nil))
        fleet.run(for: .seconds(20))
        #expect(fleet.count(at: 0) { if case .identityClash = $0 { true } else { false } } >= 1)
        // Once per ten seconds at most.
        #expect(fleet.count(at: 0) { if case .identityClash = $0 { true } else { false } } <= 3)
    }

    @Test("a datagram with the own id from elsewhere is a clash; a higher generation too")
    func ownTwin() {
        var fleet = Fleet(2)
        fleet.join()
        let twin = Datagram(
            sender: Fleet.id(0).short, generation: 1, incarnation: 3, hotCounter: 0, localHealth: 0,
            message: .ping(sequence: 77, target: 0), items: [.member(Fleet.record(Fleet.id(0)))])
        fleet.give(0, .datagram(twin, from: Fleet.endpoint(8)))
        #expect(fleet.count(at: 0) { $0 == .identityClash(Fleet.endpoint(8)) } == 1)
        fleet.run(for: .seconds(11))
        var newer = Fleet.record(Fleet.id(0), generation: 9)
        newer.endpoint = Fleet.endpoint(6)
        let gossip = Datagram(
            sender: Fleet.id(1).short, generation: 1, incarnation: 0, hotCounter: 0, localHealth: 0, message: .gossip,
            items: [.member(newer)])
        fleet.give(0, .datagram(gossip, from: Fleet.endpoint(1)))
        #expect(fleet.count(at: 0) { $0 == .identityClash(Fleet.endpoint(6)) } == 1)
    }

    @Test("a member that now has another peer's address is not confused with it")
    func takenOver() {
        var fleet = Fleet(2)
        fleet.join()
        fleet.nodes[1].isUp = false
        // Another machine gets the address.
        fleet.addNode(id: Fleet.id(5), endpoint: Fleet.endpoint(1))
        fleet.run(for: .seconds(30))
        #expect(fleet.status(of: 1, at: 0) == .unreachable)
        #expect(fleet.nodes[0].herd.memberEntry(Fleet.id(5))?.status == .alive)
    }

    @Test("datagrams of an earlier life are void")
    func oldLife() {
        var fleet = Fleet(2)
        fleet.join()
        fleet.restart(1, generation: 5)
        fleet.give(1, .candidate(Fleet.endpoint(0), source: .seed, expected: nil))
        fleet.run(for: .seconds(1))
        #expect(fleet.entry(of: 1, at: 0)?.record?.generation == 5)
        let bye = Datagram(
            sender: Fleet.id(1).short, generation: 1, incarnation: 99, hotCounter: 0, localHealth: 0, message: .bye(.leaving))
        fleet.give(0, .datagram(bye, from: Fleet.endpoint(1)))
        #expect(fleet.status(of: 1, at: 0) == .alive)
    }
}
