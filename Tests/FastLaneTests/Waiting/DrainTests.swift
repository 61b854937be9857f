import FastLane
import Gossip
import NIOCore
import Routing
import Testing

/// A machine that drains finishes what it has; what waits for it goes elsewhere where it can.
@Suite struct DrainTests {
    @Test func whoWaitsForADrainedMachineGoesElsewhere() async throws {
        let gate = Gate()
        let held = try await ScriptedUpstream { _, connection in gate.hold(connection) }
        let free = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: held, slots: 1)
        var clients: [RawClient] = []
        for number in 1...2 {
            let client = try peer.client()
            try client.send(post("/api/chat", Lines.plain))
            clients.append(client)
            #expect(await eventually { peer.state.load.inFlight + peer.state.load.queued == number })
        }
        let other = try await TestPeer("h2", number: 2)
        other.use(free.port)
        other.see([other.member()])
        peer.see([peer.member(slots: 1), other.member()], number: 2)
        #expect(peer.state.setDrained(true) && !peer.state.setDrained(true))
        #expect(try await clients[1].response()["x-fleet-node"] == "h2")
        // The running one runs to its end.
        #expect(gate.count == 1 && peer.state.load.inFlight == 1 && peer.state.load.queued == 0)
        gate.release()
        #expect(try await clients[0].response()["x-fleet-node"] == "h1")
        // New ones are passed on.
        let late = try peer.client()
        try late.send(post("/api/chat", Lines.plain))
        #expect(try await late.response()["x-fleet-node"] == "h2")
        #expect(peer.state.counters.failed == 0 && peer.state.counters.retried == 0)
        await peer.stop()
        await other.stop()
    }

    /// Over the hop: the target has said that it admitted the request, and now says busy.
    @Test func aForwardedRequestThatWaitsGoesElsewhere() async throws {
        let gate = Gate()
        let held = try await ScriptedUpstream { _, connection in gate.hold(connection) }
        let free = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let entry = try await TestPeer("h1") { $0.admissionTimeout = .seconds(60) }
        let full = try await TestPeer("h2", number: 2)
        full.use(held.port, slots: 1)
        let other = try await TestPeer("h3", number: 3)
        other.use(free.port)
        other.see([other.member()])
        TwoPeersTests.fleet(entry, [full])
        var clients: [RawClient] = []
        full.see([full.member(slots: 1), other.member()])
        for number in 1...2 {
            let client = try entry.client()
            try client.send(post("/api/chat", Lines.plain))
            clients.append(client)
            #expect(await eventually { full.state.load.inFlight + full.state.load.queued == number })
        }
        TwoPeersTests.fleet(entry, [full, other], number: 2)
        full.state.setDrained(true)
        #expect(try await clients[1].response()["x-fleet-node"] == "h3")
        #expect(full.state.load.inFlight == 1 && full.state.load.queued == 0)
        gate.release()
        #expect(try await clients[0].response()["x-fleet-node"] == "h2")
        for peer in [entry, full, other] { await peer.stop() }
    }

    /// The only machine: nobody is turned away who had a place.
    @Test func whereThereIsNoOtherMachineTheWaitingAreServed() async throws {
        let gate = Gate()
        let engine = try await ScriptedUpstream { _, connection in gate.hold(connection) }
        let peer = try await TestPeer(alone: "h1", engine: engine, slots: 1)
        var clients: [RawClient] = []
        for number in 1...2 {
            let client = try peer.client()
            try client.send(post("/api/chat", Lines.plain))
            clients.append(client)
            #expect(await eventually { peer.state.load.inFlight + peer.state.load.queued == number })
        }
        peer.state.setDrained(true)
        peer.see([peer.member(slots: 1) { $0.hot?.draining = true }], number: 2)
        let late = try peer.client()
        try late.send(post("/api/chat", Lines.plain))
        for client in clients {
            #expect(await eventually { gate.count == 1 })
            gate.release()
            #expect(try await client.response().status == 200)
        }
        #expect(try await late.response().status == 503)
        peer.state.setDrained(false)
        peer.see([peer.member(slots: 1, counter: 2)], number: 3)
        let again = try peer.client()
        try again.send(post("/api/chat", Lines.plain))
        #expect(await eventually { gate.count == 1 })
        gate.release()
        #expect(try await again.response().status == 200)
        await peer.stop()
    }

    /// The end of a drain does not undo a shutdown.
    @Test func aStoppingPeerStaysClosed() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        peer.state.setDrained(true)
        await peer.stop()
        peer.state.setDrained(false)
        #expect(peer.state.isDraining && !peer.state.isDrained)
    }
}
