import FastLane
import Gossip
import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Routing
import Synchronization
import Testing

/// Files for new models on their way to another machine of a closed fleet.
@Suite struct SealedBlobTests {
    /// Takes files and keeps the heads and sizes of what came.
    private final class FileLane: OtherLane {
        private let all = Mutex<[(head: HTTPRequest, bytes: Int)]>([])
        var seen: [(head: HTTPRequest, bytes: Int)] { all.withLock { $0 } }

        func serve(_ channel: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>) {
            Task {
                try? await channel.executeThenClose { inbound, outbound in
                    var head: HTTPRequest?
                    var bytes = 0
                    for try await part in inbound {
                        switch part {
                        case .head(let request): head = request
                        case .body(let more): bytes += more.readableBytes
                        case .end:
                            if let head { all.withLock { $0.append((head, bytes)) } }
                            var response = HTTPResponse(status: head?.method == .head ? .notFound : .created)
                            response.headerFields[.contentLength] = "0"
                            try await outbound.write(.head(response))
                            try await outbound.write(.end(nil))
                        }
                    }
                }
            }
        }
    }

    private let fleet = TestFleet()
    private static let digest = "sha256:" + String(repeating: "a", count: 64)

    private func peer(_ name: String, _ number: UInt64, mesh: (any OtherLane)? = nil) async throws -> TestPeer {
        let id = PeerID(short: number, low: number)
        try fleet.enrol(id)
        return try await TestPeer(name, number: number, mesh: mesh) { $0.link = fleet.access(of: id) }
    }

    /// The bytes of a file in pieces.
    private static func file(_ pieces: Int) -> AsyncThrowingStream<ByteBuffer, any Error> {
        AsyncThrowingStream { continuation in
            for _ in 0..<pieces { continuation.yield(ByteBuffer(repeating: 1, count: 100_000)) }
            continuation.finish()
        }
    }

    @Test func filesTravelOverTheFleetsOwnLinks() async throws {
        let lane = FileLane()
        let entry = try await peer("h1", 1)
        let target = try await peer("h2", 2, mesh: lane)
        TwoPeersTests.fleet(entry, [target])
        let forwarder = BlobForwarder(lane: entry.state)
        let order = BlobOrder(digest: Self.digest, client: "10.0.0.9")
        guard case .answered(let node, 404, _, "0", _) = await forwarder.run(order, nil) else {
            return #expect(Bool(false), "the question was not answered")
        }
        #expect(node == "h2")
        guard case .answered("h2", 201, _, _, _) = await forwarder.run(order, Self.file(30)) else {
            return #expect(Bool(false), "the file was not taken")
        }
        // Asked twice: to find out where files go, and for the answer.
        #expect(lane.seen.map(\.bytes) == [0, 0, 3_000_000])
        for (head, _) in lane.seen {
            #expect(head.path == "/api/blobs/\(Self.digest)")
            let shown = try #require(HTTPField.Name("X-Herd-Fleet").flatMap { head.headerFields[$0] })
            let pin = try #require(HTTPField.Name("X-Herd-Link-Pin").flatMap { head.headerFields[$0] })
            #expect(shown.hasPrefix("k1-") && pin.utf8.count == 64)
        }
        for peer in [entry, target] { await peer.stop() }
    }

    @Test func aWrongOrUnknownCertificateGetsNothing() async throws {
        let lane = FileLane()
        let entry = try await peer("h1", 1)
        let target = try await peer("h2", 2, mesh: lane)
        TwoPeersTests.fleet(entry, [target])
        let forwarder = BlobForwarder(lane: entry.state)
        for pin in [[UInt8](repeating: 7, count: 32), nil] {
            fleet.setPin(pin, of: target.id)
            guard case .failed(let why) = await forwarder.run(BlobOrder(digest: Self.digest, client: "c"), Self.file(3)) else {
                return #expect(Bool(false), "it was not refused")
            }
            #expect(why.hasPrefix("h2: "))
        }
        #expect(lane.seen.isEmpty)
        for peer in [entry, target] { await peer.stop() }
    }

    /// The client's bytes end too early: the machine's connection breaks, and what came is no file.
    @Test func halfAFileIsNone() async throws {
        struct Gone: Error {}
        let lane = FileLane()
        let entry = try await peer("h1", 1)
        let target = try await peer("h2", 2, mesh: lane)
        TwoPeersTests.fleet(entry, [target])
        let half = AsyncThrowingStream<ByteBuffer, any Error> { continuation in
            continuation.yield(ByteBuffer(repeating: 1, count: 1_000))
            continuation.finish(throwing: Gone())
        }
        let outcome = await BlobForwarder(lane: entry.state).run(BlobOrder(digest: Self.digest, length: 5_000, client: "c"), half)
        guard case .failed(let why) = outcome else { return #expect(Bool(false), "it counted as sent") }
        #expect(why == "h2: the client did not send all of it" && lane.seen.isEmpty)
        for peer in [entry, target] { await peer.stop() }
    }
}
