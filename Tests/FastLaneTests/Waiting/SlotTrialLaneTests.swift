import FastLane
import Gossip
import Routing
import Synchronization
import Testing

/// Slots of an engine that does not say how many it has: the real lane before an engine that streams.
@Suite struct SlotTrialLaneTests {
    /// Answers that have begun and are not over.
    private final class Streams: Sendable {
        private let all = Mutex<[ScriptedUpstream.Connection]>([])
        var count: Int { all.withLock { $0.count } }
        func add(_ connection: ScriptedUpstream.Connection) { all.withLock { $0.append(connection) } }
        func end() {
            for connection in all.withLock({ streams in
                let open = streams
                streams = []
                return open
            }) {
                connection.chunk(Lines.last)
                connection.end()
            }
        }
    }

    private func engine(_ streams: Streams) async throws -> ScriptedUpstream {
        try await ScriptedUpstream { _, connection in
            connection.begin()
            connection.chunk(Lines.token("a"))
            streams.add(connection)
        }
    }

    /// Requests come in pairs. The first bytes of the second come while the first streams, twice: then there are two slots, which
    /// the queue and others see, and the traces say what was a trial.
    @Test func anEngineThatStreamsTwoAtOnceGetsTwoSlots() async throws {
        let streams = Streams()
        let engine = try await engine(streams)
        let peer = try await TestPeer("h1")
        peer.use(engine.port, slots: 1, slotLimit: 2)
        peer.see([peer.member(slots: 1)])
        for round in 1...2 {
            let (first, second) = (try peer.client(), try peer.client())
            try first.send(post("/api/chat", Lines.chat))
            #expect(await eventually { streams.count == 1 })
            try second.send(post("/api/chat", Lines.chat))
            #expect(await eventually { streams.count == 2 }, "round \(round): the second is let in")
            // Both go on for longer than a loop may lag.
            let end = ContinuousClock.now + .milliseconds(400)
            #expect(await eventually { ContinuousClock.now >= end })
            streams.end()
            #expect(try await first.response().status == 200)
            #expect(try await second.response().status == 200)
            #expect(await eventually { peer.state.load.inFlight == 0 })
        }
        #expect(peer.state.raisedSlots.map(\.slots) == [RaisedSlots(model: ModelKey(name: "tiny"), slots: 2)])
        #expect(await eventually { peer.traces.ends.count == 4 })
        let trials = peer.traces.ends.filter { $0.tries.contains { $0.reason == "tried beyond the assumed slots" } }
        #expect(trials.count == 2)
        await peer.stop()
    }

    @Test func anEngineWhoseSlotsAreKnownIsNotTried() async throws {
        let streams = Streams()
        let engine = try await engine(streams)
        let peer = try await TestPeer("h1")
        peer.use(engine.port, slots: 1)
        peer.see([peer.member(slots: 1)])
        let (first, second) = (try peer.client(), try peer.client())
        try first.send(post("/api/chat", Lines.chat))
        #expect(await eventually { streams.count == 1 })
        try second.send(post("/api/chat", Lines.chat))
        #expect(await eventually { peer.state.load.queued == 1 })
        #expect(engine.requests.count == 1)
        streams.end()
        #expect(try await first.response().status == 200)
        #expect(await eventually { streams.count == 1 })
        streams.end()
        #expect(try await second.response().status == 200)
        #expect(peer.state.raisedSlots.isEmpty)
        await peer.stop()
    }
}
