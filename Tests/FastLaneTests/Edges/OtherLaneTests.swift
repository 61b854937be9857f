import FastLane
import Gossip
import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Routing
import Testing

/// Answers every request with its path and body, as the API router would.
struct EchoLane: OtherLane {
    func serve(_ channel: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>) {
        Task {
            try? await channel.executeThenClose { inbound, outbound in
                var head: HTTPRequest?
                var body = ByteBuffer()
                for try await part in inbound {
                    switch part {
                    case .head(let request):
                        head = request
                        body = ByteBuffer()
                    case .body(let bytes): body.writeImmutableBuffer(bytes)
                    case .end:
                        let text = "other \(head?.method.rawValue ?? "") \(head?.path ?? "") \(String(buffer: body))"
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
}

/// Both lanes on one connection (data-plane §4).
@Suite struct OtherLaneTests {
    @Test func mixedRequestsOnOneConnection() async throws {
        let engine = try await ScriptedUpstream { request, connection in
            if request.number % 2 == 0 {
                connection.answer("{\"n\":\(request.number)}")
            } else {
                connection.begin()
                connection.chunk(Lines.token("\(request.number)"))
                connection.chunk(Lines.last)
                connection.end()
            }
        }
        let peer = try await TestPeer(alone: "h1", engine: engine, other: EchoLane())
        for step in [1, 7, 100, 1_000_000] {
            let client = try peer.client()
            var all = ""
            for number in 0..<4 {
                all += post("/api/chat", Lines.chat)
                all += "GET /fleet/\(number) HTTP/1.1\r\nHost: x\r\n\r\n"
                all += post("/fleet/upload", "upload \(number)")
                all += "OPTIONS /api/chat HTTP/1.1\r\nHost: x\r\n\r\n"
            }
            let bytes = Array(all.utf8)
            var at = 0
            while at < bytes.count {
                try client.send(Array(bytes[at..<min(bytes.count, at + step)]))
                at += step
            }
            for number in 0..<4 {
                let first = try await client.response()
                #expect(first["x-fleet-node"] == "h1")
                #expect(try await client.response().body == "other GET /fleet/\(number) ")
                #expect(try await client.response().body == "other POST /fleet/upload upload \(number)")
                #expect(try await client.response().body == "other OPTIONS /api/chat ")
            }
        }
        await peer.stop()
    }

    @Test func theRefusalOfAForeignPageCoversTheOtherLaneToo() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine, other: EchoLane())
        let client = try peer.client()
        try client.send(
            "GET /fleet HTTP/1.1\r\nHost: x\r\nOrigin: http://evil.test\r\n\r\nGET /fleet HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try await client.response().status == 403)
        #expect(try await client.response().body == "other GET /fleet ")
        await peer.stop()
    }

    @Test func closeIsHonouredInTheOtherLane() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine, other: EchoLane())
        let client = try peer.client()
        try client.send("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(try await client.response().body == "other GET /a ")
        #expect(try await client.isClosed())
        await peer.stop()
    }
}
