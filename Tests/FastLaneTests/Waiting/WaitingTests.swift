import FastLane
import Gossip
import NIOCore
import Routing
import Testing

/// Requests that find every machine busy.
@Suite struct WaitingTests {
    @Test func waitersAreServedInTheirOrder() async throws {
        let gate = Gate()
        let engine = try await ScriptedUpstream { _, connection in gate.hold(connection) }
        let peer = try await TestPeer(alone: "h1", engine: engine, slots: 1)
        var clients: [RawClient] = []
        for number in 0..<6 {
            let client = try peer.client()
            try client.send(post("/api/chat", #"{"model":"tiny","n":"\#(number)"}"#))
            clients.append(client)
            // Each arrives before the next.
            #expect(
                await eventually { peer.state.load.inFlight + peer.state.load.queued + peer.state.waitingCount == number + 1 })
        }
        #expect(peer.state.waitingCount == 4)
        #expect(peer.state.counters.models.first?.pending == 4)
        for number in 0..<6 {
            #expect(await eventually { gate.count == 1 })
            #expect(engine.requests.count == number + 1)
            #expect(engine.requests.last?.body.contains(text: "\"n\":\"\(number)\"") == true)
            gate.release()
            #expect(try await clients[number].response().status == 200)
        }
        #expect(await eventually { peer.traces.ends.count == 6 && peer.state.load.inFlight == 0 })
        #expect(peer.traces.ends.last.map { $0.ticketWaitMilliseconds > 0 } == true)
        #expect(peer.state.counters.models.first?.pending == 0)
        await peer.stop()
    }

    /// Two entries' clients at one machine with one slot: the flood's second request waits, its third goes elsewhere; another
    /// client's first waits too, and runs before the flood's second.
    @Test func aMachineIsFairToClientsOfOtherPeers() async throws {
        let gate = Gate()
        let engine = try await ScriptedUpstream { _, connection in gate.hold(connection) }
        let peer = try await TestPeer(alone: "h1", engine: engine, slots: 1)
        func ask(_ client: String, _ number: Int) throws -> RawClient {
            let asked = try peer.meshClient()
            let headers = "X-Herd-Fleet: secret\r\nX-Herd-Hop: 1\r\nX-Herd-Model: tiny\r\nX-Herd-Client: \(client)\r\n"
            try asked.send(post("/api/chat", #"{"model":"tiny","n":\#(number)}"#, headers))
            return asked
        }
        let first = try ask("aa", 1)
        #expect(await eventually { peer.state.load.inFlight == 1 })
        let second = try ask("aa", 2)
        #expect(await eventually { peer.state.load.queued == 1 })
        #expect(try await ask("aa", 3).response().status == 429)
        let other = try ask("bb", 4)
        #expect(await eventually { peer.state.load.queued == 2 })
        for (client, number) in [(first, 1), (other, 4), (second, 2)] {
            #expect(await eventually { gate.count == 1 })
            #expect(engine.requests.last?.body.contains(text: #""n":\#(number)"#) == true)
            gate.release()
            #expect(try await client.response().status == 200)
        }
        await peer.stop()
    }

    /// The header between peers, sent by a client: it would be somebody new with each request, and stand before all others.
    @Test func aClientDoesNotSayWhoItIs() async throws {
        let gate = Gate()
        let engine = try await ScriptedUpstream { _, connection in gate.hold(connection) }
        let peer = try await TestPeer(alone: "h1", engine: engine, slots: 1)
        var clients: [RawClient] = []
        for number in 0..<3 {
            let client = try peer.client()
            try client.send(post("/api/chat", Lines.plain, "X-Herd-Hop: 1\r\nX-Herd-Client: \(number + 1)\r\n"))
            clients.append(client)
            if number < 2 { #expect(await eventually { peer.state.load.inFlight + peer.state.load.queued == number + 1 }) }
        }
        // One runs, one waits; the third is one more of the same client.
        #expect(try await clients[2].response().status == 429)
        for client in clients { client.close() }
        #expect(await eventually { peer.state.load.inFlight + peer.state.load.queued == 0 })
        await peer.stop()
    }

    @Test func theWaitHasAnEndAndTheAnswerIsHonest() async throws {
        let engine = try await ScriptedUpstream { _, _ in }
        let peer = try await TestPeer(alone: "h1", engine: engine, slots: 1) {
            $0.ticketWait = .milliseconds(150)
            $0.ticketQueueLimit = 2
        }
        var clients: [RawClient] = []
        for number in 0..<4 {
            let client = try peer.client()
            try client.send(post("/api/chat", Lines.plain))
            clients.append(client)
            #expect(
                await eventually {
                    peer.state.load.inFlight + peer.state.load.queued + peer.state.waitingCount + peer.state.counters.failed
                        + peer.state.counters.rejected >= min(number + 1, 4)
                })
        }
        // One runs for ever; whoever waits, in line or for the slot, gives up after its time.
        let response = try await clients[3].response()
        #expect(response.status == 503)
        #expect(response["retry-after"].flatMap { Int($0) }.map { $0 >= 1 } == true)
        #expect(response.body.contains(text: "position"))
        for client in clients { client.close() }
        #expect(await eventually { peer.state.counters.active == 0 && peer.state.waitingCount == 0 })
        await peer.stop()
    }

    @Test func aFullLineRefusesAtOnce() async throws {
        let engine = try await ScriptedUpstream { _, _ in }
        let peer = try await TestPeer(alone: "h1", engine: engine, slots: 1) { $0.ticketQueueLimit = 1 }
        var clients: [RawClient] = []
        for number in 0..<3 {
            let client = try peer.client()
            try client.send(post("/v1/chat/completions", #"{"model":"tiny"}"#))
            clients.append(client)
            #expect(
                await eventually { peer.state.load.inFlight + peer.state.load.queued + peer.state.waitingCount == number + 1 })
        }
        let last = try peer.client()
        try last.send(post("/v1/chat/completions", #"{"model":"tiny"}"#))
        let response = try await last.response()
        #expect(response.status == 503)
        #expect(response["retry-after"] != nil)
        #expect(response.body.contains(text: "queue is full"))
        for client in clients { client.close() }
        #expect(await eventually { peer.state.counters.active == 0 })
        await peer.stop()
    }

    /// A new view that shows a free machine is used at once, long before the next poll.
    @Test func aNewViewWakesTheLine() async throws {
        let stuck = try await ScriptedUpstream { _, _ in }
        let free = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: stuck, slots: 1) {
            $0.pollPause = .seconds(60)...(.seconds(61))
            // However slow the machine is that runs the tests: nobody else wakes the line.
            $0.busyWindow = .seconds(60)
            $0.admissionTimeout = .seconds(60)
        }
        let other = try await TestPeer("h2", number: 2)
        other.use(free.port)
        other.see([other.member()])
        other.state.setDrained(true)
        peer.see([peer.member(slots: 1), other.member()], number: 2)
        var clients: [RawClient] = []
        for number in 0..<3 {
            let client = try peer.client()
            try client.send(post("/api/chat", Lines.plain))
            clients.append(client)
            #expect(
                await eventually { peer.state.load.inFlight + peer.state.load.queued + peer.state.waitingCount == number + 1 })
        }
        #expect(peer.state.waitingCount == 1)
        other.state.setDrained(false)
        peer.see([peer.member(slots: 1), other.member(counter: 2)], number: 3)
        let response = try await clients[2].response()
        #expect(response["x-fleet-node"] == "h2")
        for client in clients { client.close() }
        await peer.stop()
        await other.stop()
    }

    /// The other machine's busy came too late to try a third one by the clock. This machine says at once whether it has a slot, so
    /// it is tried all the same: under load the request went into the line, where it stood until the next poll.
    @Test func aSlowBusyElsewhereKeepsNobodyFromThisMachine() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine, slots: 1) {
            $0.pollPause = .seconds(60)...(.seconds(61))
            $0.busyWindow = .zero
            $0.admissionTimeout = .seconds(60)
        }
        let other = try await TestPeer("h2", number: 2)
        other.use(engine.port)
        other.see([other.member()])
        other.state.setDrained(true)
        // The other one has the model in memory, so it is tried first.
        peer.see([peer.member(slots: 1, hot: false), other.member()], number: 2)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.plain))
        #expect(try await client.response()["x-fleet-node"] == "h1")
        #expect(peer.state.counters.busy == 1 && peer.state.counters.waited == 0)
        await peer.stop()
        await other.stop()
    }

    /// The model's only machine is away for a moment.
    @Test func machinesThatComeBackAreWaitedFor() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine) { $0.unavailableWait = .seconds(9) }
        var away = peer.member()
        away.models?.backends[0].reachable = false
        peer.see([away], number: 2)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.plain))
        #expect(await eventually { peer.state.waitingCount == 1 })
        peer.see([peer.member(counter: 2)], number: 3)
        #expect(try await client.response().status == 200)
        await peer.stop()
    }

    @Test func machinesThatStayAwayAreAnHonest503() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        var away = peer.member()
        away.hot?.draining = true
        peer.see([away], number: 2)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.plain))
        let response = try await client.response()
        #expect(response.status == 503)
        #expect(response["retry-after"] != nil)
        #expect(response.body.contains(text: "h1 draining"))
        await peer.stop()
    }
}
