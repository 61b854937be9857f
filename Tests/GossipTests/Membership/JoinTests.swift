import Gossip
import Testing

@Suite("Joining and leaving")
struct JoinTests {
    @Test("two peers meet by a candidate and both are heard directly")
    func two() {
        var fleet = Fleet(2)
        fleet.give(1, .candidate(Fleet.endpoint(0), source: .mdns, expected: nil))
        fleet.run(for: .milliseconds(50))
        #expect(fleet.changes(at: 0) == ["1 ->alive"])
        #expect(fleet.changes(at: 1) == ["0 ->alive"])
        #expect(fleet.entry(of: 0, at: 1)?.source == .mdns)
        #expect(fleet.entry(of: 1, at: 0)?.source == .gossip)
        #expect(fleet.entry(of: 1, at: 0)?.endpoint == Fleet.endpoint(1))
        #expect(fleet.entry(of: 0, at: 1)?.lastHeard != nil)
        #expect(fleet.nodes[1].syncs.count == 1 && fleet.nodes[0].syncs.isEmpty)
        #expect(fleet.nodes[1].herd.dialStates.isEmpty)
    }

    @Test("ten peers that all dial one know and have heard each other", arguments: [3, 10])
    func many(count: Int) {
        var fleet = Fleet(count)
        fleet.join()
        for observer in 0..<count {
            let entries = fleet.nodes[observer].herd.memberEntries
            #expect(entries.map(\.id) == (0..<count).map(Fleet.id))
            #expect(entries.allSatisfy { $0.status == .alive })
            #expect(entries.allSatisfy { $0.id == Fleet.id(observer) || $0.lastHeard != nil })
        }
        #expect(fleet.entry(of: 2, at: 1)?.source == .gossip)
        #expect(fleet.entry(of: 2, at: 1)?.endpoint == Fleet.endpoint(2))
    }

    @Test("a seed that answers late is dialled with back-off until it does, and again when it is gone")
    func lateSeed() {
        var fleet = Fleet(2)
        fleet.nodes[0].isUp = false
        fleet.give(1, .candidate(Fleet.endpoint(0), source: .seed, expected: nil))
        fleet.run(for: .seconds(120))
        let state = fleet.nodes[1].herd.dialStates.first
        #expect(state.map { $0.tries >= 5 && $0.tries <= 9 && $0.answeredBy == nil } == true)
        fleet.nodes[0].isUp = true
        fleet.restart(0, generation: 1)
        fleet.run(for: .seconds(40))
        #expect(fleet.status(of: 0, at: 1) == .alive)
        #expect(fleet.nodes[1].herd.dialStates.first?.answeredBy == Fleet.id(0))
        #expect(fleet.nodes[1].herd.dialStates.first?.dueAt == nil)
        fleet.nodes[0].isUp = false
        fleet.run(for: .seconds(10))
        #expect(fleet.status(of: 0, at: 1) == .unreachable)
        #expect(fleet.nodes[1].herd.dialStates.first?.dueAt != nil)
    }

    @Test("a sighting that nobody answers is given up, a new one starts anew")
    func fleetingSighting() {
        var fleet = Fleet(1)
        fleet.give(0, .candidate(Fleet.endpoint(7), source: .mdns, expected: 5))
        fleet.run(for: .seconds(600))
        #expect(fleet.nodes[0].herd.dialStates.isEmpty)
        let sent = fleet.nodes[0].datagrams
        #expect(sent > 3 && sent <= 7)
        fleet.give(0, .candidate(Fleet.endpoint(7), source: .mdns, expected: 5))
        #expect(fleet.nodes[0].datagrams == sent + 1)
    }

    @Test("its own address and its own id are dropped quietly")
    func ownAddress() {
        var fleet = Fleet(1)
        fleet.give(0, .candidate(Fleet.endpoint(0), source: .seed, expected: nil))
        fleet.run(for: .seconds(60))
        #expect(fleet.nodes[0].datagrams == 1)
        #expect(fleet.nodes[0].herd.dialStates.isEmpty)
        #expect(fleet.nodes[0].notes.allSatisfy { if case .identityClash = $0.note { false } else { true } })
        fleet.give(0, .candidate(Fleet.endpoint(0), source: .mdns, expected: nil))
        #expect(fleet.nodes[0].datagrams == 1)
        // Somewhere else somebody has its id: it is asked who that is, and not dialled.
        fleet.give(0, .candidate(Fleet.endpoint(3), source: .mdns, expected: Fleet.id(0).short))
        #expect(fleet.nodes[0].datagrams == 2 && fleet.nodes[0].herd.dialStates.isEmpty)
    }

    @Test("bad addresses are not dialled")
    func badAddress() {
        var fleet = Fleet(1)
        fleet.give(0, .candidate(Endpoint(.v4(0x0A00_0009), port: 0), source: .seed, expected: nil))
        fleet.give(0, .candidate(Endpoint(.v4(0), port: 11_445), source: .mdns, expected: nil))
        #expect(fleet.nodes[0].datagrams == 0 && fleet.nodes[0].herd.dialStates.isEmpty)
    }

    @Test("goodbye makes a member left at once, everywhere, and nobody dials it")
    func leaving() {
        var fleet = Fleet(4)
        fleet.join()
        fleet.give(3, .shutdown)
        #expect(fleet.nodes[3].herd.nextWake == .distantFuture)
        fleet.nodes[3].isUp = false
        fleet.run(for: .milliseconds(20))
        #expect(fleet.allSee(.left, of: 3))
        let before = fleet.nodes[0].datagrams
        fleet.run(for: .seconds(60))
        #expect(fleet.allSee(.left, of: 3))
        #expect(fleet.nodes[0].herd.rememberedPeers(now: fleet.now).first { $0.id == Fleet.id(3) }?.left == true)
        #expect(fleet.nodes[0].datagrams - before < 60 * 10)
    }

    @Test("one that left comes back with a new generation")
    func backAfterLeaving() {
        var fleet = Fleet(3)
        fleet.join()
        fleet.give(2, .shutdown)
        fleet.run(for: .seconds(1))
        fleet.restart(2, generation: 2)
        fleet.give(2, .candidate(Fleet.endpoint(0), source: .remembered, expected: nil))
        fleet.run(for: .seconds(2))
        #expect(fleet.allSee(.alive, of: 2))
    }

    @Test("remembered peers are dialled at the start and shown as unreachable until they answer")
    func remembered() {
        var fleet = Fleet(3)
        fleet.join()
        let memory = fleet.nodes[2].herd.rememberedPeers(now: fleet.now)
        #expect(memory.map(\.id) == [Fleet.id(0), Fleet.id(1)])
        fleet.restart(2, generation: 2, remembered: memory)
        #expect(fleet.status(of: 0, at: 2) == .unreachable)
        #expect(fleet.entry(of: 0, at: 2)?.source == .remembered)
        #expect(fleet.entry(of: 0, at: 2)?.record == nil)
        fleet.run(for: .seconds(1))
        #expect(fleet.status(of: 0, at: 2) == .alive && fleet.status(of: 1, at: 2) == .alive)
        #expect(fleet.allSee(.alive, of: 2))
    }

    @Test("what was not seen for seven days is forgotten")
    func forgetting() {
        var fleet = Fleet(1)
        let old = RememberedPeer(
            id: Fleet.id(5), endpoint: Fleet.endpoint(5), secondsSinceSeen: 7 * 86_400 + 1, left: false, ephemeral: false)
        let recent = RememberedPeer(
            id: Fleet.id(6), endpoint: Fleet.endpoint(6), secondsSinceSeen: 6 * 86_400, left: true, ephemeral: false)
        fleet.restart(0, generation: 2, remembered: [old, recent])
        #expect(fleet.nodes[0].herd.memberEntries.map(\.id) == [Fleet.id(0), Fleet.id(6)])
        fleet.run(for: .seconds(86_400 + 7_200))
        #expect(fleet.nodes[0].herd.memberEntries.map(\.id) == [Fleet.id(0)])
        #expect(fleet.nodes[0].datagrams == 0)
    }

    @Test("a stranger who does not introduce itself is asked who it is")
    func stranger() {
        var fleet = Fleet(2)
        let ping = Datagram(
            sender: Fleet.id(1).short, generation: 1, incarnation: 0, hotCounter: 0, localHealth: 0,
            message: .ping(sequence: 1, target: Fleet.id(0).short))
        fleet.give(0, .datagram(ping, from: Fleet.endpoint(1)))
        fleet.run(for: .milliseconds(20))
        #expect(fleet.status(of: 1, at: 0) == .alive && fleet.status(of: 0, at: 1) == .alive)
    }
}
