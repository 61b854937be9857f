import FastLane
import Gossip
import Routing
import Testing

@Suite struct LoopProtectionTests {
    private func hop(_ peer: TestPeer, _ headers: String, mesh: Bool = true) async throws -> RawClient.Response {
        let client = try mesh ? peer.meshClient() : peer.client()
        try client.send(post("/api/chat", Lines.plain, headers))
        return try await client.response()
    }

    @Test func theMeshPortChecksWhoComes() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let good = "X-Herd-Fleet: secret\r\nX-Herd-Hop: 1\r\n"
        #expect(try await hop(peer, "X-Herd-Hop: 1\r\n").status == 403)
        #expect(try await hop(peer, "X-Herd-Fleet: secrets\r\nX-Herd-Hop: 1\r\n").status == 403)
        #expect(try await hop(peer, "X-Herd-Fleet: \r\nX-Herd-Hop: 1\r\n").status == 403)
        #expect(try await hop(peer, "X-Herd-Fleet: secret\r\n").status == 403)
        #expect(try await hop(peer, good).status == 200)
        #expect(try await hop(peer, "X-Herd-Fleet: secret\r\nX-Herd-Hop: 2\r\n").status == 508)
        #expect(try await hop(peer, "X-Herd-Fleet: secret\r\nX-Herd-Hop: x\r\n").status == 508)
        #expect(try await hop(peer, good + "X-Herd-Path: \(PeerID(short: 9, low: 9).hex),\(peer.id.hex)\r\n").status == 508)
        #expect(try await hop(peer, good + "X-Herd-Request-Id: abc\r\nX-Herd-Attempt: 1\r\n").status == 200)
        #expect(try await hop(peer, good + "X-Herd-Request-Id: abc\r\nX-Herd-Attempt: 1\r\n").status == 409)
        #expect(try await hop(peer, good + "X-Herd-Request-Id: abc\r\nX-Herd-Attempt: 2\r\n").status == 200)
        #expect(engine.requests.count == 3)
        await peer.stop()
    }

    /// A backend URL that is really this or another peer.
    @Test func theClientPortHonoursTheHeadersToo() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        #expect(try await hop(peer, "X-Herd-Hop: 1\r\nX-Herd-Path: \(peer.id.hex)\r\n", mesh: false).status == 508)
        #expect(try await hop(peer, "X-Herd-Hop: 2\r\n", mesh: false).status == 508)
        // Its own backend is itself: the loop ends at once, and the client is told.
        peer.use(peer.ports.client)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.plain))
        let response = try await client.response()
        #expect(response.status == 502)
        #expect(engine.requests.isEmpty)
        await peer.stop()
    }

    @Test func aTargetNeverForwards() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let other = try await TestPeer("h2", number: 2)
        other.use(engine.port)
        let peer = try await TestPeer("h1")
        var me = MemberView(id: peer.id, name: peer.name, status: .alive)
        me.hot = HotReport()
        peer.see([me, other.member()])
        let response = try await hop(peer, "X-Herd-Fleet: secret\r\nX-Herd-Hop: 1\r\nX-Herd-Model: tiny\r\n")
        #expect(response.status == 429)
        #expect(response["x-herd-busy"]?.hasPrefix("no_backend;") == true)
        #expect(engine.requests.isEmpty)
        await peer.stop()
        await other.stop()
    }

    @Test func busyIsSaidBeforeTheBodyCame() async throws {
        let engine = try await ScriptedUpstream { _, _ in }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        peer.state.setDrained(true)
        let client = try peer.meshClient()
        try client.send(
            "POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nX-Herd-Fleet: secret\r\nX-Herd-Hop: 1\r\n"
                + "X-Herd-Model: tiny\r\n\r\n")
        let response = try await client.response()
        #expect(response.status == 429)
        #expect(response["x-herd-busy"]?.hasPrefix("draining;0;0;") == true)
        #expect(response["x-herd-load"] == "1.1;0;0")
        // The rest of the body is read and forgotten, the connection lives on.
        try client.send(String(repeating: " ", count: 100))
        peer.state.setDrained(false)
        try client.send(post("/api/chat", Lines.plain, "X-Herd-Fleet: secret\r\nX-Herd-Hop: 1\r\n"))
        try await client.read(until: "HTTP/1.1 102 Processing\r\n")
        #expect(await eventually { engine.requests.count == 1 })
        await peer.stop()
    }

    @Test func headersAndBodyMustNameTheSameModel() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine, models: ["tiny", "big"])
        let response = try await hop(peer, "X-Herd-Fleet: secret\r\nX-Herd-Hop: 1\r\nX-Herd-Model: big\r\n")
        #expect(response.status == 400)
        #expect(response["x-herd-refused"] != nil)
        #expect(peer.state.load.inFlight == 0)
        await peer.stop()
    }
}
