import FastLane
import Gossip
import Routing
import Synchronization
import Testing

/// Two peers get a request for the same cold model in the same instant, and would choose different machines.
@Suite struct TwoEntriesTests {
    private struct World {
        var entries: [TestPeer] = []
        var machines: [TestPeer] = []
        var engines: [ScriptedUpstream] = []
        let gate = Gate()

        func stop() async { for peer in entries + machines { await peer.stop() } }
    }

    /// Each entry believes that another machine has the more memory free.
    private func world() async throws -> World {
        var world = World()
        for number in 2...3 as ClosedRange<UInt64> {
            let engine = try await ScriptedUpstream { [gate = world.gate] _, connection in gate.hold(connection) }
            let machine = try await TestPeer("h\(number)", number: number)
            machine.use(engine.port, slots: 2)
            machine.see([member(machine, memory: 64_000)])
            world.engines.append(engine)
            world.machines.append(machine)
        }
        for (number, favourite) in [(UInt64(1), 0), (4, 1)] {
            let entry = try await TestPeer("h\(number)", number: number) {
                $0.hold = HoldRule(most: .seconds(60))
                $0.ticketWait = .seconds(300)
            }
            var me = MemberView(id: entry.id, name: entry.name, status: .alive)
            me.hot = HotReport()
            entry.see([me] + world.machines.enumerated().map { member($1, memory: $0 == favourite ? 400_000 : 64_000) })
            world.entries.append(entry)
        }
        return world
    }

    private func member(_ machine: TestPeer, memory: Int) -> MemberView {
        machine.member(slots: 2, hot: false) {
            $0.models?.available[0].sizeBytes = 40_000_000_000
            $0.hot?.memoryAvailableMiB = UInt32(memory)
            $0.fixed?.memoryTotalMiB = memory
        }
    }

    /// Both ask; returns how many engines got something to load.
    private func loads(_ world: World) async throws -> Int {
        var clients: [RawClient] = []
        for entry in world.entries {
            let client = try entry.client()
            try client.send(post("/api/chat", Lines.plain))
            clients.append(client)
        }
        #expect(await eventually { world.gate.count == 2 })
        let count = world.engines.count { !$0.requests.isEmpty }
        for _ in clients { world.gate.release() }
        for client in clients { #expect(try await client.response().status == 200) }
        await world.stop()
        return count
    }

    @Test func theDeskMakesThemOneLoad() async throws {
        let world = try await world()
        let desk = Mutex(LoadDesk())
        let claims = LoadClaims { model, peer in desk.withLock { $0.claim(model, at: peer, now: .zero) } }
        for entry in world.entries { entry.state.setLoadClaims(claims) }
        #expect(try await loads(world) == 1)
    }

    /// No desk answers: both are served all the same, by a load each.
    @Test(arguments: [true, false])
    func withoutADeskThereMayBeTwo(asks: Bool) async throws {
        let world = try await world()
        if asks { for entry in world.entries { entry.state.setLoadClaims(LoadClaims { _, _ in nil }) } }
        #expect(try await loads(world) == 2)
    }

    /// What the desk says is of no use to this request: it goes where it would have gone.
    @Test func aMachineThatIsNoCandidateIsNotForcedOnAnybody() async throws {
        let world = try await world()
        for entry in world.entries { entry.state.setLoadClaims(LoadClaims { _, _ in PeerID(short: 99, low: 99) }) }
        #expect(try await loads(world) == 2)
    }

    @Test func aClientThatLeavesWhileTheDeskIsAskedLeavesNothing() async throws {
        let world = try await world()
        let asked = Mutex<[CheckedContinuation<PeerID?, Never>]>([])
        world.entries[0].state.setLoadClaims(
            LoadClaims { _, _ in await withCheckedContinuation { waiter in asked.withLock { $0.append(waiter) } } })
        let client = try world.entries[0].client()
        try client.send(post("/api/chat", Lines.plain))
        #expect(await eventually { asked.withLock { $0.count } == 1 })
        client.close()
        #expect(await eventually { world.entries[0].state.counters.clientDisconnected == 1 })
        for waiter in asked.withLock({ $0 }) { waiter.resume(returning: world.machines[0].id) }
        #expect(world.engines.allSatisfy { $0.requests.isEmpty })
        await world.stop()
    }
}
