import FastLane
import Gossip
import NIOCore
import Routing
import Testing

/// Many requests for a model that nobody has loaded cause one load.
@Suite struct ColdLoadTests {
    /// Two machines with a model of 40 GB on disk and two slots each; the entry has none.
    private func fleet(_ gate: Gate, bytes: Int64 = 40_000_000_000) async throws
        -> (entry: TestPeer, machines: [TestPeer], engines: [ScriptedUpstream])
    {
        let entry = try await TestPeer("h1") {
            $0.hold = HoldRule(most: .seconds(60))
            $0.ticketWait = .seconds(300)
        }
        var machines: [TestPeer] = []
        var engines: [ScriptedUpstream] = []
        for number in 2...3 as ClosedRange<UInt64> {
            let engine = try await ScriptedUpstream { _, connection in gate.hold(connection) }
            let machine = try await TestPeer("h\(number)", number: number)
            machine.use(engine.port, slots: 2)
            engines.append(engine)
            machines.append(machine)
        }
        see(entry, machines, bytes: bytes)
        return (entry, machines, engines)
    }

    private func see(_ entry: TestPeer, _ machines: [TestPeer], bytes: Int64, hot: Bool = false, number: UInt64 = 1) {
        let members = machines.map { machine in
            machine.member(slots: 2, hot: hot, counter: UInt32(number)) { $0.models?.available[0].sizeBytes = bytes }
        }
        for (machine, member) in zip(machines, members) { machine.see([member], number: number) }
        var me = MemberView(id: entry.id, name: entry.name, status: .alive)
        me.hot = HotReport()
        entry.see([me] + members, number: number)
    }

    @Test func manyRequestsCauseOneLoad() async throws {
        let gate = Gate()
        let (entry, machines, engines) = try await fleet(gate)
        var clients: [RawClient] = []
        for number in 1...12 {
            let client = try entry.client()
            try client.send(post("/api/chat", Lines.plain))
            clients.append(client)
            #expect(
                await eventually {
                    entry.state.waitingCount + machines.reduce(0) { $0 + $1.state.load.inFlight + $1.state.load.queued } == number
                }, "\(number): \(entry.state.waitingCount) in line, \(machines.map(\.state.load)), \(entry.state.counters)")
        }
        #expect(engines.count { !$0.requests.isEmpty } == 1)
        // Two run, two wait there, the others in line, which says why and for whom.
        let waiting = entry.state.queue.waiting
        #expect(waiting.count == 8 && waiting.allSatisfy { $0.reason == .loading })
        let loader = try #require(machines.first { $0.state.load.inFlight > 0 })
        #expect(waiting.allSatisfy { $0.node == loader.name })
        // It is loaded: all are served, there or where there is a slot.
        see(entry, machines, bytes: 40_000_000_000, hot: true, number: 2)
        #expect(
            await eventually {
                gate.release()
                return entry.state.counters.completed == 12
            })
        for client in clients { #expect(try await client.response().status == 200) }
        for peer in [entry] + machines { await peer.stop() }
    }

    /// The machine that was to load it gives up: the others need not wait for it.
    @Test func whereTheLoadFailedAnotherMachineLoads() async throws {
        let gate = Gate()
        let (entry, machines, _) = try await fleet(gate)
        var clients: [RawClient] = []
        for number in 1...5 {
            let client = try entry.client()
            try client.send(post("/api/chat", Lines.plain))
            clients.append(client)
            #expect(
                await eventually {
                    entry.state.waitingCount + machines.reduce(0) { $0 + $1.state.load.inFlight + $1.state.load.queued } == number
                })
        }
        // All leave but the one in line; nothing says that the model is loaded anywhere.
        for client in clients.dropLast() { client.close() }
        #expect(await eventually { entry.state.waitingCount == 0 })
        #expect(
            await eventually {
                gate.release()
                return entry.state.counters.completed == 1
            })
        for peer in [entry] + machines { await peer.stop() }
    }

    /// A small model is loaded on the other machine rather than waited for.
    @Test func smallModelsAreLoadedWhereThereIsRoom() async throws {
        let gate = Gate()
        let (entry, machines, engines) = try await fleet(gate, bytes: 100_000_000)
        var clients: [RawClient] = []
        for number in 1...6 {
            let client = try entry.client()
            try client.send(post("/api/chat", Lines.plain))
            clients.append(client)
            #expect(
                await eventually {
                    gate.count + machines.reduce(0) { $0 + $1.state.load.queued } + entry.state.waitingCount >= number
                })
        }
        #expect(engines.allSatisfy { !$0.requests.isEmpty })
        for client in clients { client.close() }
        for peer in [entry] + machines { await peer.stop() }
    }
}
