import FastLane
import Gossip
import Logging
import NIOCore
import NIOPosix
import Routing
import ServiceLifecycle
import Synchronization
import Testing

@Suite struct ShutdownTests {
    @Test func runningStreamsEndWellAndNothingNewIsTaken() async throws {
        let held = Mutex<ScriptedUpstream.Connection?>(nil)
        let engine = try await ScriptedUpstream { _, connection in
            connection.begin()
            connection.chunk(Lines.token("a"))
            held.withLock { $0 = connection }
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let idle = try peer.client()
        let streaming = try peer.client()
        try streaming.send(post("/api/chat", Lines.chat))
        try await streaming.read(until: Lines.token("a"))
        let server = peer.server
        async let down: Void = server.shutdown(deadline: .seconds(20))
        // Idle connections close at once, new ones are refused.
        #expect(try await idle.isClosed())
        #expect(await eventually { (try? peer.client()) == nil })
        let connection = held.withLock { $0 }
        connection?.chunk(Lines.last)
        connection?.end()
        #expect(try await streaming.readToEnd().contains(text: Lines.last))
        await down
        #expect(peer.traces.ends.first?.status == .completed)
        #expect(await eventually { engine.openConnections == 0 })
    }

    @Test func theDeadlineCutsWhatIsLeft() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.begin()
            connection.chunk(Lines.token("a"))
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.chat))
        try await client.read(until: Lines.token("a"))
        await peer.server.shutdown(deadline: .milliseconds(100))
        #expect(try await client.isClosed())
        #expect(await eventually { engine.openConnections == 0 && peer.state.load.inFlight == 0 })
        #expect(peer.traces.ends.count == 1)
    }

    @Test func aPortInUseIsSaid() async throws {
        let engine = try await ScriptedUpstream { _, _ in }
        var configuration = LaneConfiguration(selfID: PeerID(short: 1, low: 1), nodeName: "h1", linkToken: "x")
        configuration.host = "127.0.0.1"
        configuration.port = engine.port
        let server = LaneServer(
            state: LaneState(configuration: configuration), group: .singleton, sink: TraceRecorder(),
            logger: Logger(label: "test"))
        await #expect(throws: LaneServerError.portInUse(port: engine.port, purpose: "client API")) { try await server.start() }
        #expect("\(LaneServerError.portInUse(port: 5, purpose: "mesh"))".contains(text: "choose another port"))
        #expect(server.boundPorts == nil)
    }

    @Test func idleClientsAreClosedAndSlowUploadsRefused() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine) { $0.clientIdle = .seconds(2) }
        let idle = try peer.client()
        #expect(try await idle.isClosed())
        let slow = try peer.client()
        try slow.send("POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{")
        #expect(try await slow.response().status == 408)
        await peer.stop()
    }

    /// As a service: runs until the group is told to stop.
    @Test(arguments: [true, false])
    func runsAsAService(gracefully: Bool) async throws {
        var configuration = LaneConfiguration(selfID: PeerID(short: 1, low: 1), nodeName: "h1", linkToken: "x")
        configuration.host = "127.0.0.1"
        configuration.port = 0
        configuration.meshPort = nil
        let server = LaneServer(
            state: LaneState(configuration: configuration), group: .singleton, sink: TraceRecorder(),
            logger: Logger(label: "test"))
        let group = ServiceGroup(services: [server], logger: Logger(label: "test"))
        let running = Task { try await group.run() }
        #expect(await eventually { server.boundPorts != nil })
        let port = try #require(server.boundPorts?.client)
        #expect(server.boundPorts?.mesh == nil)
        let client = try RawClient(port: port)
        if gracefully { await group.triggerGracefulShutdown() } else { running.cancel() }
        #expect(try await client.isClosed())
        _ = try? await running.value
        #expect(server.boundPorts == nil)
    }
}
