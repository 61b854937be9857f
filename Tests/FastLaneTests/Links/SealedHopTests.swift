import FastLane
import Gossip
import NIOCore
import Routing
import Synchronization
import Testing

/// The hop between two peers of a closed fleet.
@Suite struct SealedHopTests {
    let fleet = TestFleet()

    private func peer(
        _ name: String, _ number: UInt64, engine: ScriptedUpstream? = nil, handshakeLimit: Duration = .seconds(20)
    ) async throws -> TestPeer {
        let id = PeerID(short: number, low: number)
        try fleet.enrol(id)
        let peer = try await TestPeer(name, number: number) { configuration in
            configuration.link = fleet.access(of: id)
            configuration.handshakeLimit = handshakeLimit
        }
        if let engine {
            peer.use(engine.port)
            peer.see([peer.member()])
        }
        return peer
    }

    private func ask(_ client: RawClient, _ body: String = Lines.plain) async throws -> RawClient.Response {
        try client.send(post("/api/chat", body))
        return try await client.response()
    }

    @Test func streamsAreRelayedOverOneKeptConnection() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.begin()
            connection.chunk(Lines.token("a"))
            connection.chunk(Lines.last)
            connection.end()
        }
        let entry = try await peer("h1", 1)
        let target = try await peer("h2", 2, engine: engine)
        TwoPeersTests.fleet(entry, [target])
        let client = try entry.client()
        for _ in 0..<3 {
            let response = try await ask(client, Lines.chat)
            #expect(response.status == 200 && response["x-fleet-node"] == "h2")
            #expect(
                response.raw
                    == [Lines.token("a"), Lines.last].map(ScriptedUpstream.Connection.chunked).joined() + "0\r\n\r\n")
        }
        #expect(fleet.handshakes == 1)
        #expect(engine.requests.count == 3)
        #expect(engine.requests.allSatisfy { $0.header("x-herd-link-pin") == nil && $0.header("x-herd-fleet") == nil })
        await entry.stop()
        await target.stop()
    }

    /// The other machine got a new certificate: what was opened to the old one is left alone.
    @Test func anotherPinMeansAnotherConnection() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let entry = try await peer("h1", 1)
        let target = try await peer("h2", 2, engine: engine)
        TwoPeersTests.fleet(entry, [target])
        let client = try entry.client()
        #expect(try await ask(client).status == 200)
        try fleet.enrol(target.id)
        #expect(try await ask(client).status == 200)
        #expect(fleet.handshakes == 2)
        // And back to none: nothing is sent to a machine whose certificate is not known.
        fleet.setPin(nil, of: target.id)
        #expect(try await ask(client).status == 502)
        #expect(fleet.handshakes == 2 && engine.requests.count == 2)
        await entry.stop()
        await target.stop()
    }

    /// Somebody else answers at a member's address: nothing is told to him, and the next machine serves.
    @Test func aWrongCertificateMeansTheNextMachine() async throws {
        let stolen = try await ScriptedUpstream { _, connection in connection.answer("{\"stolen\":1}") }
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let entry = try await peer("h1", 1)
        let impostor = try await peer("h2", 2, engine: stolen)
        let good = try await peer("h3", 3, engine: engine)
        fleet.setPin([UInt8](repeating: 7, count: 32), of: impostor.id)
        var me = MemberView(id: entry.id, name: entry.name, status: .alive)
        me.hot = HotReport()
        entry.see([me, impostor.member(), good.member(hot: false)])
        let response = try await ask(try entry.client())
        #expect(response.status == 200 && response["x-fleet-node"] == "h3" && response["x-fleet-retries"] == "1")
        #expect(stolen.requests.isEmpty && impostor.state.counters.forwardedHere == 0)
        #expect(await eventually { impostor.state.counters.handshakesFailed == 1 })
        for peer in [entry, impostor, good] { await peer.stop() }
    }

    @Test func aMachineThatNeverShakesHandsIsReplaced() async throws {
        let silent = try await ScriptedUpstream { _, _ in }
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let entry = try await peer("h1", 1, handshakeLimit: .seconds(2))
        let good = try await peer("h3", 3, engine: engine)
        var me = MemberView(id: entry.id, name: entry.name, status: .alive)
        me.hot = HotReport()
        var lost = good.member()
        lost.id = PeerID(short: 2, low: 2)
        lost.name = "h2"
        lost.endpoint = Endpoint(.v4(0x7F00_0001), port: UInt16(silent.port))
        fleet.setPin([1], of: lost.id)
        entry.see([me, lost, good.member(hot: false)])
        let response = try await ask(try entry.client())
        #expect(response.status == 200 && response["x-fleet-node"] == "h3")
        #expect(silent.requests.isEmpty)
        await entry.stop()
        await good.stop()
    }

    /// The token is asked for at each request: a rotation needs no new connection.
    @Test func theKeyMayRotate() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let entry = try await peer("h1", 1)
        let target = try await peer("h2", 2, engine: engine)
        TwoPeersTests.fleet(entry, [target])
        let client = try entry.client()
        #expect(try await ask(client).status == 200)
        fleet.setKey("k1", accepted: ["k1", "k2"])
        fleet.setKey("k2", accepted: ["k1", "k2"])
        #expect(try await ask(client).status == 200)
        fleet.setKey("k2", accepted: ["k2"])
        #expect(try await ask(client).status == 200)
        #expect(fleet.handshakes == 1 && target.state.counters.strangersRefused == 0)
        // A peer that is not let in any more is no engine's 403 to the client.
        fleet.setKey("k2", accepted: ["k3"])
        #expect(try await ask(client).status == 502)
        #expect(target.state.counters.strangersRefused == 1 && engine.requests.count == 3)
        await entry.stop()
        await target.stop()
    }

    /// A fleet that is closed while it runs: kept plain connections are not used any more.
    @Test func anOpenFleetCanBeClosed() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let open = Mutex(true)
        let ids = [PeerID(short: 1, low: 1), PeerID(short: 2, low: 2)]
        for id in ids { try fleet.enrol(id) }
        let fleet = self.fleet
        func access(_ id: PeerID) -> LinkAccess {
            let sealed = fleet.access(of: id)
            return LinkAccess(
                token: { open.withLock { $0 } ? "secret" : sealed.token() },
                admits: { token, pin in open.withLock { $0 } ? token == "secret" : sealed.admits(token, pin) },
                tls: { open.withLock { $0 } ? nil : sealed.tls() })
        }
        let entry = try await TestPeer("h1", number: 1) { $0.link = access(ids[0]) }
        let target = try await TestPeer("h2", number: 2) { $0.link = access(ids[1]) }
        target.use(engine.port)
        target.see([target.member()])
        TwoPeersTests.fleet(entry, [target])
        let client = try entry.client()
        #expect(try await ask(client).status == 200)
        let old = try target.meshClient()
        let hop = "X-Herd-Fleet: secret\r\nX-Herd-Hop: 1\r\n"
        try old.send(post("/api/chat", Lines.plain, hop))
        #expect(try await old.response().status == 200)
        open.withLock { $0 = false }
        #expect(try await ask(client).status == 200)
        #expect(fleet.handshakes == 1)
        // A plain connection from before is not admitted any more, whatever it shows.
        try old.send(post("/api/chat", Lines.plain, hop))
        let refused = try await old.response()
        #expect(refused.status == 403 && refused.body.contains(text: "herd-peer fleet status"))
        #expect(engine.requests.count == 3)
        await entry.stop()
        await target.stop()
    }

    @Test func theClientsLeavingReachesTheEngine() async throws {
        let engine = try await ScriptedUpstream { request, connection in
            guard request.number == 2 else { return }
            connection.begin()
            connection.chunk(Lines.token("a"))
        }
        let entry = try await peer("h1", 1)
        let target = try await peer("h2", 2, engine: engine)
        TwoPeersTests.fleet(entry, [target])
        for number in 1...2 {
            let client = try entry.client()
            try client.send(post("/api/chat", Lines.chat))
            #expect(await eventually { engine.requests.count == number })
            if number == 2 { try await client.read(until: Lines.token("a")) }
            client.close()
            #expect(await eventually { engine.openConnections == 0 })
            #expect(await eventually { target.state.load.inFlight == 0 && target.state.counters.active == 0 })
        }
        #expect(await eventually { target.traces.executions.count == 2 })
        #expect(target.traces.executions.allSatisfy { $0.status == .clientDisconnected })
        await entry.stop()
        await target.stop()
    }

    /// The machine dies within an answer: a cut TLS stream is never taken for a whole one.
    @Test func theTargetDyingWithinTheStreamIsTold() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.begin()
            connection.chunk(Lines.token("a"))
        }
        let entry = try await peer("h1", 1)
        let target = try await peer("h2", 2, engine: engine)
        TwoPeersTests.fleet(entry, [target])
        let client = try entry.client()
        try client.send(post("/api/chat", Lines.chat))
        try await client.read(until: Lines.token("a"))
        await target.stop()
        let body = try await client.response().body
        #expect(body.hasPrefix(Lines.token("a") + "{\"error\":"))
        #expect(await eventually { entry.traces.ends.first?.status == .failed })
        await entry.stop()
    }

    @Test func aClientThatDoesNotReadStopsTheEngineAndMayLeave() async throws {
        let pump = BackpressureTests.Pump(total: 64 << 20)
        let engine = try await ScriptedUpstream { _, connection in pump.run(connection) }
        let entry = try await peer("h1", 1)
        let target = try await peer("h2", 2, engine: engine)
        TwoPeersTests.fleet(entry, [target])
        let client = try RawClient(port: entry.ports.client, receiveBuffer: 64 << 10)
        try client.send(post("/api/chat", Lines.chat))
        #expect(await pump.stalls())
        #expect(pump.sent < 32 << 20)
        // It reads on a little: the engine goes on.
        let held = pump.sent
        for _ in 0..<400 {
            guard try await client.readMore() else { break }
            _ = client.discard(lookingFor: "0\r\n\r\n")
        }
        #expect(await eventually { pump.sent > held })
        #expect(await pump.stalls())
        client.close()
        #expect(await eventually { engine.openConnections == 0 && target.state.load.inFlight == 0 })
        #expect(await eventually { entry.traces.ends.first?.status == .clientDisconnected })
        await entry.stop()
        await target.stop()
    }
}
