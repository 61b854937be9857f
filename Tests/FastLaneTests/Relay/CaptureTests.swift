import FastLane
import NIOCore
import Synchronization
import Testing

/// What a machine's owner can have kept of requests, where he switched it on.
@Suite struct CaptureTests {
    private final class Kept: RequestCapture {
        private let all = Mutex<[CapturedRequest]>([])
        func take(_ request: CapturedRequest) { all.withLock { $0.append(request) } }
        var requests: [CapturedRequest] { all.withLock { $0 } }
    }

    @Test func bodiesAreShownWholeAndAlsoThoseThatAreRefused() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.begin()
            connection.chunk(Lines.last)
            connection.end()
        }
        let kept = Kept()
        let peer = try await TestPeer(alone: "h1", engine: engine) { $0.capture = kept }
        let client = try peer.client()
        try client.send(post("/api/chat?secret=1", Lines.chat))
        let id = try await client.response()["x-herd-request-id"]
        try client.send(post("/v1/chat/completions", "{\"model\":"))
        #expect(try await client.response().status == 400)
        let found = kept.requests
        try #require(found.count == 2)
        #expect(found[0].id == id && found[0].path == "/api/chat" && found[0].clientIP == "127.0.0.1")
        #expect(String(buffer: found[0].body) == Lines.chat && String(buffer: found[1].body) == "{\"model\":")
        #expect(engine.requests.first?.body == Lines.chat)
        await peer.stop()
    }
}
