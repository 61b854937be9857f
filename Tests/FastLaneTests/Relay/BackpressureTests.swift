import FastLane
import Gossip
import NIOCore
import Routing
import Synchronization
import Testing

/// A client that does not read stops the engine; memory stays flat.
@Suite struct BackpressureTests {
    /// Counts what the sockets took of a stream that never ends by itself.
    final class Pump: Sendable {
        private let taken = Mutex(0)
        let total: Int
        init(total: Int) { self.total = total }
        var sent: Int { taken.withLock { $0 } }

        /// Writes one piece after the other, each when the one before is out.
        func run(_ connection: ScriptedUpstream.Connection) {
            connection.begin()
            next(connection.channel, ByteBuffer(string: ScriptedUpstream.Connection.chunked(piece)))
        }

        /// The same figure for a while.
        func stalls() async -> Bool {
            let last = Mutex((0, 0))
            return await eventually {
                let now = self.sent
                return last.withLock { state in
                    state = now > 0 && now == state.0 ? (now, state.1 + 1) : (now, 0)
                    return state.1 >= 60
                }
            }
        }

        let piece = String(repeating: Lines.token("0123456789"), count: 400)

        private func next(_ channel: any Channel, _ bytes: ByteBuffer) {
            if sent >= total {
                let end = ScriptedUpstream.Connection.chunked(Lines.last) + "0\r\n\r\n"
                channel.writeAndFlush(ByteBuffer(string: end), promise: nil)
                return
            }
            channel.writeAndFlush(bytes).whenSuccess {
                self.taken.withLock { $0 += bytes.readableBytes }
                self.next(channel, bytes)
            }
        }
    }

    @Test func theEngineWaitsForTheClient() async throws {
        let pump = Pump(total: 64 << 20)
        let engine = try await ScriptedUpstream { _, connection in pump.run(connection) }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try RawClient(port: peer.ports.client, receiveBuffer: 64 << 10)
        try client.send(post("/api/chat", Lines.chat))
        // It stalls far below the whole.
        #expect(await pump.stalls())
        let held = pump.sent
        #expect(held < 24 << 20)
        // It goes on and ends well.
        var received = 0
        var sawEnd = false
        while !sawEnd {
            guard try await client.readMore() else { break }
            let (count, end) = client.discard(lookingFor: "0\r\n\r\n")
            received += count
            sawEnd = end
        }
        #expect(sawEnd)
        #expect(received >= 64 << 20)
        #expect(await eventually { peer.traces.ends.first?.status == .completed })
        await peer.stop()
    }

    @Test func aClientThatNeverReadsIsLeftInTheEnd() async throws {
        let pump = Pump(total: 64 << 20)
        let engine = try await ScriptedUpstream { _, connection in pump.run(connection) }
        let peer = try await TestPeer(alone: "h1", engine: engine) { $0.streamIdle = .milliseconds(300) }
        let client = try RawClient(port: peer.ports.client, receiveBuffer: 64 << 10)
        try client.send(post("/api/chat", Lines.chat))
        #expect(await eventually { peer.traces.ends.first?.status == .clientDisconnected })
        #expect(await eventually { engine.openConnections == 0 && peer.state.load.inFlight == 0 })
        _ = client
        await peer.stop()
    }
}
