import FastLane
import Gossip
import NIOCore
import NIOPosix
import NIOSSL
import Routing
import Testing

/// Engines behind TLS, a key and a path: served like any other, and nothing goes to a server that nobody vouches for.
@Suite struct DoorTests {
    private static let secret = "sk-0123456789"

    /// A peer with one engine of OpenAI's kind behind a door, and the engine.
    private func peer(
        _ engine: ScriptedUpstream, trust: BackendDoor.Trust?, host: String = "localhost", kind: BackendKind = .openai,
        hasKey: Bool = true, configure: (inout LaneConfiguration) -> Void = { _ in }
    ) async throws -> TestPeer {
        let peer = try await TestPeer(alone: "h1", engine: engine, kind: kind) { settings in
            // Machines that run tests stand still at times.
            settings.connectTimeout = .seconds(30)
            settings.handshakeLimit = .seconds(30)
            configure(&settings)
        }
        let door = try BackendDoor(
            host: host, port: engine.port, authority: "\(host):\(engine.port)",
            key: hasKey ? ("Authorization", "Bearer " + Self.secret) : nil, tls: trust, target: { "/base" + $0 })
        peer.use(engine.port, kind: kind, door: door)
        return peer
    }

    private static let answer = #"{"object":"chat.completion","choices":[{"message":{"content":"hi"}}]}"#

    @Test(arguments: ["localhost", "127.0.0.1"])
    func aRequestGoesThrough(host: String) async throws {
        let certificate = try EngineCertificate()
        let engine = try await ScriptedUpstream(tls: certificate.server) { _, connection in connection.answer(Self.answer) }
        let peer = try await peer(engine, trust: .file(certificate.file), host: host)
        let client = try peer.client()
        for _ in 0..<3 {
            try client.send(
                post(
                    "/v1/chat/completions", Lines.plain,
                    "Authorization: Bearer mine\r\nx-api-key: mine\r\nCookie: mine\r\nX-Fleet-Tags: mine\r\nX-Other: kept\r\n"))
            let response = try await client.response()
            #expect(response.status == 200)
            #expect(response.body == Self.answer)
            #expect(!response.head.contains(text: Self.secret))
        }
        let request = try #require(engine.requests.last)
        #expect(request.head.hasPrefix("POST /base/v1/chat/completions HTTP/1.1"))
        #expect(request.header("authorization") == "Bearer " + Self.secret)
        #expect(request.header("host") == "\(host):\(engine.port)")
        #expect(request.header("x-other") == "kept")
        #expect(!request.head.contains(text: "mine"))
        #expect(request.body.contains(text: "messages"))
        // One connection for all.
        #expect(engine.connectionsEver == 1)
        #expect(peer.traces.rows.allSatisfy { !"\($0)".contains(text: Self.secret) })
        await peer.stop()
    }

    @Test func aLongBodyAndAStream() async throws {
        let certificate = try EngineCertificate()
        let engine = try await ScriptedUpstream(tls: certificate.server) { _, connection in
            connection.begin()
            connection.chunk(Lines.token("a"))
            connection.chunk(Lines.last)
            connection.end()
        }
        let peer = try await peer(engine, trust: .file(certificate.file), kind: .ollama)
        let client = try peer.client()
        let long = #"{"model":"tiny","messages":[{"role":"user","content":"\#(String(repeating: "x", count: 300_000))"}]}"#
        try client.send(post("/api/chat", long))
        let response = try await client.response()
        #expect(response.body == Lines.token("a") + Lines.last)
        #expect(engine.requests.first?.body == long)
        await peer.stop()
    }

    @Test func plainDoorsShowTheirKeyToo() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer(Self.answer) }
        let peer = try await peer(engine, trust: nil)
        let client = try peer.client()
        try client.send(post("/v1/chat/completions", Lines.plain, "Authorization: Bearer mine\r\n"))
        #expect(try await client.response().status == 200)
        #expect(engine.requests.first?.header("authorization") == "Bearer " + Self.secret)
        await peer.stop()
    }

    @Test func aServerThatNobodyVouchesForGetsNothing() async throws {
        let (one, other) = (try EngineCertificate(namesAddress: false), try EngineCertificate())
        let engine = try await ScriptedUpstream(tls: one.server) { _, connection in connection.answer(Self.answer) }
        let cases: [(BackendDoor.Trust, String)] = [
            (.file(other.file), "localhost"), (.system, "localhost"), (.file(one.file), "127.0.0.1"),
        ]
        for (trust, host) in cases {
            let peer = try await peer(engine, trust: trust, host: host)
            let client = try peer.client()
            try client.send(post("/v1/chat/completions", Lines.plain))
            let response = try await client.response()
            #expect(response.status == 502)
            #expect(response.body.contains(text: "TLS handshake failed"))
            #expect(peer.state.load.inFlight == 0)
            await peer.stop()
        }
        #expect(engine.requests.isEmpty)
        #expect(throws: (any Error).self) {
            try BackendDoor(
                host: "localhost", port: 1, authority: "", key: nil, tls: .file("/no/such/file"), target: { $0 })
        }
    }

    @Test func aHandshakeThatNeverEndsIsGivenUp() async throws {
        let certificate = try EngineCertificate()
        // It takes the connection and the first bytes, and says nothing.
        let engine = try await ScriptedUpstream { _, _ in }
        let peer = try await peer(engine, trust: .file(certificate.file)) { $0.handshakeLimit = .milliseconds(100) }
        let client = try peer.client()
        try client.send(post("/v1/chat/completions", Lines.plain))
        let response = try await client.response()
        #expect(response.status == 502)
        // On a slow machine the time is over before there is a connection.
        #expect(response.body.contains(text: "took too long") || response.body.contains(text: "cannot connect"))
        #expect(await eventually { engine.openConnections == 0 })
        await peer.stop()
    }

    @Test func aClientThatLeavesEndsTheConnection() async throws {
        let certificate = try EngineCertificate()
        let engine = try await ScriptedUpstream(tls: certificate.server) { request, connection in
            if request.number == 1 { return }
            connection.begin()
            connection.chunk(Lines.token("a"))
        }
        let peer = try await peer(engine, trust: .file(certificate.file), kind: .ollama)
        for number in 1...2 {
            let client = try peer.client()
            try client.send(post("/api/chat", Lines.chat))
            #expect(await eventually { engine.requests.count == number })
            if number == 2 { try await client.read(until: Lines.token("a")) }
            client.close()
            #expect(await eventually { engine.openConnections == 0 && peer.state.load.inFlight == 0 })
        }
        await peer.stop()
    }

    @Test func theEngineWaitsForTheClient() async throws {
        let certificate = try EngineCertificate()
        let pump = BackpressureTests.Pump(total: 64 << 20)
        let engine = try await ScriptedUpstream(tls: certificate.server) { _, connection in pump.run(connection) }
        let peer = try await peer(engine, trust: .file(certificate.file), kind: .ollama)
        let client = try RawClient(port: peer.ports.client, receiveBuffer: 64 << 10)
        try client.send(post("/api/chat", Lines.chat))
        #expect(await pump.stalls())
        #expect(pump.sent < 24 << 20)
        client.close()
        #expect(await eventually { engine.openConnections == 0 && peer.state.load.inFlight == 0 })
        await peer.stop()
    }

    @Test func aCutStreamEndsWithAnError() async throws {
        let certificate = try EngineCertificate()
        let engine = try await ScriptedUpstream(tls: certificate.server) { _, connection in
            connection.begin()
            connection.chunk(Lines.token("a"))
            connection.close()
        }
        let peer = try await peer(engine, trust: .file(certificate.file), kind: .ollama)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.chat))
        let response = try await client.response()
        #expect(response.body.hasPrefix(Lines.token("a")))
        #expect(response.body.contains(text: #""error""#))
        #expect(await eventually { peer.traces.ends.first?.status == .failed })
        await peer.stop()
    }

    @Test func aBodyThatTLSDidNotEndIsNotWhole() async throws {
        let certificate = try EngineCertificate()
        let engine = try await ScriptedUpstream(tls: certificate.server) { _, connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"half\":")
            // Below TLS, as somebody on the way would.
            let channel = connection.channel
            channel.eventLoop.execute {
                let handler = try? channel.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self)
                handler?.close(promise: nil)
            }
        }
        let peer = try await peer(engine, trust: .file(certificate.file))
        let client = try peer.client()
        try client.send(post("/v1/chat/completions", Lines.plain))
        _ = try await client.readToEnd()
        #expect(await eventually { peer.traces.ends.first?.status == .failed })
        await peer.stop()
    }

    @Test func aRefusedKeyIsNotRepeated() async throws {
        let certificate = try EngineCertificate()
        let engine = try await ScriptedUpstream(tls: certificate.server) { request, connection in
            let shown = request.header("authorization") ?? "none"
            connection.answer(
                #"{"error":{"message":"wrong key \#(shown)"}}"#, status: "401 Unauthorized", headers: "X-Echo: \(shown)\r\n")
        }
        for hasKey in [true, false] {
            let peer = try await peer(engine, trust: .file(certificate.file), hasKey: hasKey)
            let client = try peer.client()
            try client.send(post("/v1/chat/completions", Lines.plain))
            let response = try await client.response()
            #expect(response.status == 401)
            #expect(response.body.contains(text: hasKey ? "refuses the key that is configured for it" : "wrong key none"))
            #expect(!response.head.contains(text: Self.secret) && !response.body.contains(text: Self.secret))
            #expect(await eventually { peer.traces.ends.count == 1 })
            #expect(peer.traces.rows.allSatisfy { !"\($0)".contains(text: Self.secret) })
            await peer.stop()
        }
    }

    @Test func aDoorTellsNobodyItsKey() throws {
        let door = try BackendDoor(
            host: "box", port: 443, authority: "box", key: ("Authorization", "Bearer " + Self.secret), tls: .system,
            target: { $0 })
        var dumped = ""
        dump(door, to: &dumped)
        let engine = LocalBackend(
            id: "e", kind: .openai, host: "box", port: 443, address: try SocketAddress(ipAddress: "0.0.0.0", port: 443),
            slotsPerModel: 1, models: [:], door: door)
        var more = ""
        dump(engine, to: &more)
        for text in [dumped, more, "\(door)", String(reflecting: door), "\(engine)"] {
            #expect(!text.contains(text: Self.secret))
        }
    }
}
