import FastLane
import Gossip
import NIOCore
import Routing
import Testing

/// Requests that are held: for a machine that has the model in memory, and for one that comes back.
@Suite struct HoldingTests {
    /// The entry, h2 with the model of 40 GB in memory and one slot, h3 with the model on disk.
    private func fleet(
        _ gate: Gate, hold: Duration
    ) async throws -> (entry: TestPeer, hot: TestPeer, cold: TestPeer, coldEngine: ScriptedUpstream) {
        let busy = try await ScriptedUpstream { _, connection in gate.hold(connection) }
        let free = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let entry = try await TestPeer("h1") {
            $0.hold = HoldRule(most: hold)
            $0.ticketWait = .seconds(120)
        }
        let hot = try await TestPeer("h2", number: 2)
        let cold = try await TestPeer("h3", number: 3)
        hot.use(busy.port, slots: 1)
        cold.use(free.port, slots: 1)
        let large: (inout MemberView) -> Void = { $0.models?.available[0].sizeBytes = 40_000_000_000 }
        let members = [hot.member(slots: 1, change: large), cold.member(slots: 1, hot: false, change: large)]
        hot.see([members[0]])
        cold.see([members[1]])
        var me = MemberView(id: entry.id, name: entry.name, status: .alive)
        me.hot = HotReport()
        entry.see([me] + members)
        return (entry, hot, cold, free)
    }

    /// Fills the loaded machine: one request runs there, one waits.
    private func fill(_ hot: TestPeer) async throws -> [RawClient] {
        var clients: [RawClient] = []
        for number in 1...2 {
            let client = try hot.client()
            try client.send(post("/api/chat", Lines.plain))
            clients.append(client)
            #expect(await eventually { hot.state.load.inFlight + hot.state.load.queued == number })
        }
        return clients
    }

    @Test func itWaitsForTheMachineWithTheModelInMemory() async throws {
        let gate = Gate()
        let (entry, hot, cold, coldEngine) = try await fleet(gate, hold: .seconds(60))
        let fillers = try await fill(hot)
        var clients: [RawClient] = []
        for number in 1...2 {
            let client = try entry.client()
            try client.send(post("/api/chat", Lines.plain))
            clients.append(client)
            #expect(await eventually { entry.state.waitingCount + hot.state.load.queued >= number })
        }
        #expect(await eventually { entry.state.waitingCount >= 1 })
        #expect(
            await eventually {
                gate.release()
                return entry.state.waitingCount == 0 && hot.state.load.inFlight == 0
            })
        for client in clients { #expect(try await client.response()["x-fleet-node"] == "h2") }
        #expect(coldEngine.requests.isEmpty)
        for filler in fillers { filler.close() }
        for peer in [entry, hot, cold] { await peer.stop() }
    }

    @Test func afterItsTimeAnotherMachineLoadsIt() async throws {
        let gate = Gate()
        let (entry, hot, cold, coldEngine) = try await fleet(gate, hold: .milliseconds(700))
        let fillers = try await fill(hot)
        let client = try entry.client()
        try client.send(post("/api/chat", Lines.plain))
        for _ in 0..<2 {
            // One more of the same client would wait at h2 itself.
            let other = try entry.client()
            try other.send(post("/api/chat", Lines.plain))
            #expect(try await other.response()["x-fleet-node"] == "h3")
        }
        #expect(!coldEngine.requests.isEmpty)
        #expect(await eventually { entry.traces.ends.contains { $0.nodeID == "h3" && $0.ticketWaitMilliseconds >= 500 } })
        client.close()
        for filler in fillers { filler.close() }
        for peer in [entry, hot, cold] { await peer.stop() }
    }

    /// D21: a held request ends with its client.
    @Test func d21AHeldRequestEndsWithItsClient() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine) { $0.unavailableWait = .seconds(300) }
        var away = peer.member()
        away.models?.backends[0].reachable = false
        peer.see([away], number: 2)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.plain))
        #expect(await eventually { peer.state.waitingCount == 1 })
        client.close()
        #expect(await eventually { peer.state.waitingCount == 0 && peer.state.counters.active == 0 })
        #expect(await eventually { peer.traces.ends.map(\.status) == [.clientDisconnected] })
        await peer.stop()
    }
}
