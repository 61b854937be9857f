import FastLane
import Gossip
import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Routing
import Testing

/// Answers every request with the pin that the front handler noted.
private struct PinLane: OtherLane {
    func serve(_ channel: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>) {
        Task {
            try? await channel.executeThenClose { inbound, outbound in
                for try await case .head(let request) in inbound {
                    let pins = HTTPField.Name("X-Herd-Link-Pin").map { request.headerFields[values: $0] } ?? []
                    let text = "pins \(pins.joined(separator: ","))"
                    var response = HTTPResponse(status: .ok)
                    response.headerFields[.contentLength] = "\(text.utf8.count)"
                    try await outbound.write(.head(response))
                    try await outbound.write(.body(ByteBuffer(string: text)))
                    try await outbound.write(.end(nil))
                }
            }
        }
    }
}

/// Who may come in at the mesh port of a closed fleet.
@Suite struct LinkDoorTests {
    let fleet = TestFleet()
    let id = PeerID(short: 1, low: 1)

    private func peer(engine: ScriptedUpstream? = nil, limit: Duration = .seconds(20)) async throws -> TestPeer {
        try fleet.enrol(id)
        let peer = try await TestPeer("h1", other: PinLane(), mesh: PinLane()) { configuration in
            configuration.link = fleet.access(of: id)
            configuration.handshakeLimit = limit
        }
        if let engine { peer.use(engine.port) }
        peer.see([peer.member()])
        return peer
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func hop(_ token: String) -> String {
        post("/api/chat", Lines.plain, "X-Herd-Fleet: \(token)\r\nX-Herd-Hop: 1\r\nX-Herd-Link-Pin: \(hex([1, 2]))\r\n")
    }

    @Test func plainHTTPIsClosedAtOnceAndCounted() async throws {
        let peer = try await peer(limit: .seconds(60))
        let client = try peer.meshClient()
        try client.send(hop("secret"))
        #expect(!(try await client.readToEnd()).contains(text: "HTTP/1.1"))
        #expect(await eventually { peer.state.counters.handshakesFailed == 1 })
        #expect(peer.state.counters.forwardedHere == 0 && peer.state.counters.strangersRefused == 0)
        await peer.stop()
    }

    @Test func aCallerThatSaysNothingIsLeft() async throws {
        let peer = try await peer(limit: .milliseconds(150))
        let client = try peer.meshClient()
        #expect(try await client.isClosed())
        #expect(await eventually { peer.state.counters.handshakesFailed == 1 })
        await peer.stop()
    }

    @Test func handshakesFromOneAddressAreLimited() async throws {
        let peer = try await peer(limit: .seconds(60))
        var callers: [RawClient] = []
        for _ in 0..<100 { callers.append(try peer.meshClient()) }
        #expect(await eventually { peer.state.counters.handshakesCrowded > 0 })
        for caller in callers { caller.close() }
        #expect(await eventually { peer.state.counters.handshakesFailed + peer.state.counters.handshakesCrowded == 100 })
        // And there is room again.
        let caller = try await TLSClient(port: peer.ports.mesh ?? 0, identity: LinkIdentity())
        caller.send("GET /herd/v1/mesh HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(await eventually { caller.text.contains(text: "pins ") })
        await peer.stop()
    }

    /// A member's token in a stranger's hands: it is bound to the member's certificate.
    @Test func aStolenTokenIsWorthNothing() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await peer(engine: engine)
        let member = try LinkIdentity()
        let thief = try await TLSClient(port: peer.ports.mesh ?? 0, identity: LinkIdentity())
        thief.send(hop(fleet.token(pin: member.pin)))
        #expect(await eventually { thief.text.contains(text: "HTTP/1.1 403") })
        #expect(thief.text.contains(text: "herd-peer fleet status"))
        #expect(peer.state.counters.strangersRefused == 1 && engine.requests.isEmpty)
        let owner = try await TLSClient(port: peer.ports.mesh ?? 0, identity: member)
        owner.send(hop(fleet.token(pin: member.pin)))
        #expect(await eventually { owner.text.contains(text: "HTTP/1.1 200") })
        await peer.stop()
    }

    @Test func aCallerWithoutACertificateGetsNothing() async throws {
        let peer = try await peer()
        let caller = try await TLSClient(port: peer.ports.mesh ?? 0, identity: nil)
        caller.send(hop(fleet.token(pin: nil)))
        #expect(await eventually { caller.isClosed })
        #expect(caller.text.isEmpty)
        #expect(await eventually { peer.state.counters.handshakesFailed == 1 })
        await peer.stop()
    }

    /// The other lane hears the pin from the front handler alone, on either port.
    @Test func thePinHeaderCannotBeForged() async throws {
        let peer = try await peer()
        let mine = try LinkIdentity()
        let request =
            "GET /herd/v1/mesh HTTP/1.1\r\nHost: x\r\nX-Herd-Link-Pin: 00\r\nx-herd-link-pin: 11\r\nConnection: close\r\n\r\n"
        let caller = try await TLSClient(port: peer.ports.mesh ?? 0, identity: mine)
        caller.send(request)
        #expect(await eventually { caller.isClosed })
        #expect(caller.text.contains(text: "\r\n\r\npins \(hex(mine.pin))"))
        let client = try peer.client()
        try client.send(request)
        #expect(try await client.response().body == "pins ")
        await peer.stop()
    }

    @Test func aShutdownDoesNotWaitForHandshakes() async throws {
        let peer = try await peer(limit: .seconds(60))
        let silent = try peer.meshClient()
        let caller = try await TLSClient(port: peer.ports.mesh ?? 0, identity: LinkIdentity())
        caller.send("GET /herd/v1/mesh HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(await eventually { caller.text.contains(text: "pins ") })
        let began = ContinuousClock.now
        await peer.server.shutdown(deadline: .seconds(30))
        #expect(ContinuousClock.now - began < .seconds(10))
        #expect(try await silent.isClosed())
        #expect(await eventually { caller.isClosed })
    }
}
