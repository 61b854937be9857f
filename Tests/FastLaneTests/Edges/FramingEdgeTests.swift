import FastLane
import Gossip
import Routing
import Testing

/// The edges of data-plane §3.10.
@Suite struct FramingEdgeTests {
    @Test func interimAndEmptyAnswers() async throws {
        let engine = try await ScriptedUpstream { request, connection in
            if request.number == 1 {
                connection.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")
                connection.answer(#"{"ok":1}"#)
            } else {
                connection.send("HTTP/1.1 204 No Content\r\n\r\n")
            }
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.plain))
        #expect(try await client.response().body == #"{"ok":1}"#)
        try client.send(post("/api/chat", Lines.plain))
        let empty = try await client.response()
        #expect(empty.status == 204)
        #expect(empty["content-length"] == nil)
        #expect(empty["x-fleet-node"] == "h1")
        await peer.stop()
    }

    @Test func closeDelimitedAnswersBecomeChunks() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n\(Lines.token("a"))\(Lines.last)")
            connection.close()
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        for _ in 0..<2 {
            try client.send(post("/api/chat", Lines.chat))
            let response = try await client.response()
            #expect(response["transfer-encoding"] == "chunked")
            #expect(response.body == Lines.token("a") + Lines.last)
        }
        #expect(engine.connectionsEver == 2)
        #expect(await eventually { peer.traces.ends.count == 2 && peer.traces.ends.allSatisfy { $0.status == .completed } })
        await peer.stop()
    }

    @Test func oldClientsGetNoChunks() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.begin()
            connection.chunk(Lines.token("a"))
            connection.chunk(Lines.last)
            connection.end()
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.chat, version: "1.0"))
        let all = try await client.readToEnd()
        #expect(!all.lowercased().contains(text: "transfer-encoding"))
        #expect(all.hasSuffix("\r\n\r\n" + Lines.token("a") + Lines.last))
        await peer.stop()
    }

    @Test func trailersPassThrough() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.begin()
            connection.chunk(Lines.last)
            connection.send("0\r\nX-Sum: 1\r\n\r\n")
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.chat))
        try await client.read(until: "0\r\nX-Sum: 1\r\n\r\n")
        await peer.stop()
    }

    @Test func answersInSingleBytesAndAllAtOnce() async throws {
        let whole =
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
            + ScriptedUpstream.Connection.chunked(Lines.token("a")) + ScriptedUpstream.Connection.chunked(Lines.last)
            + "0\r\n\r\n"
        let engine = try await ScriptedUpstream { request, connection in
            if request.number == 1 {
                for byte in whole.utf8 { connection.send(String(decoding: [byte], as: UTF8.self)) }
            } else {
                connection.send(whole)
            }
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        for _ in 0..<2 {
            try client.send(post("/api/chat", Lines.chat))
            #expect(try await client.response().body == Lines.token("a") + Lines.last)
        }
        #expect(engine.connectionsEver == 1)
        await peer.stop()
    }

    @Test func expectContinueIsAnsweredHere() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(
            "POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: \(Lines.plain.utf8.count)\r\nExpect: 100-continue\r\n\r\n")
        try await client.read(until: "HTTP/1.1 100 Continue\r\n\r\n")
        try client.send(Lines.plain)
        #expect(try await client.response().status == 200)
        #expect(engine.requests.first?.header("expect") == nil)
        await peer.stop()
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        let engine = try await ScriptedUpstream { request, connection in connection.answer("{\"n\":\(request.number)}") }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(String(repeating: post("/api/chat", Lines.plain), count: 25))
        for number in 1...25 { #expect(try await client.response().body == "{\"n\":\(number)}") }
        await peer.stop()
    }

    @Test func requestsInPiecesAndChunkedBodies() async throws {
        let engine = try await ScriptedUpstream { request, connection in connection.answer(request.body) }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        for byte in post("/api/chat", Lines.plain).utf8 { try client.send([byte]) }
        #expect(try await client.response().body == Lines.plain)
        let half = Lines.plain.index(Lines.plain.startIndex, offsetBy: 20)
        try client.send("POST /api/chat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        try client.send(ScriptedUpstream.Connection.chunked(String(Lines.plain[..<half])))
        try client.send(ScriptedUpstream.Connection.chunked(String(Lines.plain[half...])) + "0\r\n\r\n")
        #expect(try await client.response().body == Lines.plain)
        await peer.stop()
    }

    @Test(arguments: [
        "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        "Content-Length: x\r\n\r\n{}", "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "Bad Header: x\r\n\r\n",
    ])
    func brokenFramingIsRefusedAndTheConnectionClosed(_ rest: String) async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send("POST /api/chat HTTP/1.1\r\nHost: x\r\n\(rest)")
        let all = try await client.readToEnd()
        #expect(all.hasPrefix("HTTP/1.1 400 "))
        #expect(engine.requests.isEmpty)
        #expect(await eventually { peer.state.counters.active == 0 })
        await peer.stop()
    }

    @Test func garbageIsRefused() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send("\u{1}\u{2}garbage\r\n\r\n")
        #expect(try await client.readToEnd().hasPrefix("HTTP/1.1 400 "))
        await peer.stop()
    }

    @Test func connectionCloseIsHonoured() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.plain, "Connection: close\r\n"))
        let response = try await client.response()
        #expect(response["connection"] == "close")
        #expect(try await client.isClosed())
        await peer.stop()
    }
}
