import FastLane
import Gossip
import NIOCore
import Routing
import Testing

/// The client goes away at each stage: the engine sees it at once, and the slot is free again.
@Suite struct CancelTests {
    private func settled(_ peer: TestPeer, _ engine: ScriptedUpstream) async {
        #expect(await eventually { engine.openConnections == 0 })
        #expect(await eventually { peer.state.load.inFlight == 0 && peer.state.load.queued == 0 })
        #expect(await eventually { peer.state.counters.active == 0 })
        #expect(await eventually { peer.traces.ends.count == 1 })
        #expect(peer.traces.ends.first?.status == .clientDisconnected)
        #expect(peer.state.counters.models.allSatisfy { $0.inFlight == 0 && $0.pending == 0 })
        await peer.stop()
    }

    @Test(arguments: [false, true])
    func beforeTheFirstByte(reset: Bool) async throws {
        let engine = try await ScriptedUpstream { _, _ in }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.plain))
        #expect(await eventually { engine.requests.count == 1 })
        #expect(peer.state.load.inFlight == 1)
        if reset { client.reset() } else { client.close() }
        await settled(peer, engine)
    }

    @Test(arguments: [false, true])
    func withinAStream(reset: Bool) async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.begin()
            connection.chunk(Lines.token("a"))
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.chat))
        try await client.read(until: Lines.token("a"))
        if reset { client.reset() } else { client.close() }
        await settled(peer, engine)
    }

    @Test func withinAWholeAnswer() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.plain))
        try await client.read(until: "half")
        client.close()
        await settled(peer, engine)
    }

    @Test func whileTheHeadIsHeld() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.begin() }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.chat))
        #expect(await eventually { engine.requests.count == 1 })
        client.close()
        await settled(peer, engine)
    }

    @Test func withinTheUpload() async throws {
        let engine = try await ScriptedUpstream { _, _ in }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send("POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{\"model\"")
        #expect(await eventually { peer.state.counters.active == 1 })
        client.close()
        await settled(peer, engine)
        #expect(engine.requests.isEmpty)
    }

    @Test func whileItWaitsForASlot() async throws {
        let engine = try await ScriptedUpstream { _, _ in }
        let peer = try await TestPeer(alone: "h1", engine: engine, slots: 1)
        let first = try peer.client()
        try first.send(post("/api/chat", Lines.plain))
        #expect(await eventually { engine.requests.count == 1 })
        let second = try peer.client()
        try second.send(post("/api/chat", Lines.plain))
        #expect(await eventually { peer.state.load.queued == 1 })
        second.close()
        #expect(await eventually { peer.state.load.queued == 0 })
        #expect(peer.state.load.inFlight == 1)
        #expect(engine.requests.count == 1)
        first.close()
        #expect(await eventually { peer.state.load.inFlight == 0 })
        await peer.stop()
    }

    @Test func whileItStandsInLine() async throws {
        let engine = try await ScriptedUpstream { _, _ in }
        let peer = try await TestPeer(alone: "h1", engine: engine, slots: 1)
        var clients: [RawClient] = []
        for _ in 0..<4 {
            let client = try peer.client()
            try client.send(post("/api/chat", Lines.plain))
            clients.append(client)
        }
        // One runs, one waits for its slot, two stand in line.
        #expect(await eventually { peer.state.waitingCount == 2 })
        for client in clients { client.close() }
        #expect(await eventually { peer.state.waitingCount == 0 && peer.state.counters.active == 0 })
        #expect(peer.state.load.inFlight == 0 && peer.state.load.queued == 0)
        #expect(peer.traces.ends.allSatisfy { $0.status == .clientDisconnected })
        await peer.stop()
    }

    /// Hundreds of clients that leave at random moments: every slot and counter is exact in the end.
    @Test func slotsAreExactUnderManyCancels() async throws {
        let engine = try await ScriptedUpstream { request, connection in
            guard request.number % 3 != 0 else { return }
            connection.begin()
            connection.chunk(Lines.token("a"))
            if request.number % 3 == 1 {
                connection.chunk(Lines.last)
                connection.end()
            }
        }
        let peer = try await TestPeer(alone: "h1", engine: engine, slots: 8)
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<20 {
            var clients: [RawClient] = []
            for _ in 0..<16 {
                let client = try peer.client()
                try client.send(post("/api/chat", Lines.chat))
                clients.append(client)
            }
            clients.shuffle(using: &generator)
            for client in clients {
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: client.close()
                case 1: client.reset()
                default:
                    if Bool.random(using: &generator) { await Task.yield() }
                    client.close()
                }
            }
        }
        #expect(await eventually { peer.state.counters.active == 0 })
        #expect(await eventually { peer.state.load.inFlight == 0 && peer.state.load.queued == 0 && peer.state.waitingCount == 0 })
        #expect(await eventually { peer.traces.ends.count == peer.state.counters.accepted })
        #expect(peer.state.counters.models.allSatisfy { $0.inFlight == 0 && $0.pending == 0 })
        // And all eight slots still work.
        let counters = peer.state.counters
        #expect(counters.accepted == counters.completed + counters.clientDisconnected + counters.failed + counters.rejected)
        await peer.stop()
    }
}
