import CZstd
import FastLane
import NIOCore
import Testing

/// Bodies with `Content-Encoding`.
@Suite struct PackedBodyTests {
    private func packed(_ text: String) -> [UInt8] {
        let source = Array(text.utf8)
        var room = [UInt8](repeating: 0, count: ZSTD_compressBound(source.count))
        let count = ZSTD_compress(&room, room.count, source, source.count, 3)
        return Array(room[..<count])
    }

    private func send(_ body: [UInt8], _ coding: String, to client: RawClient) throws {
        let head = "POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Encoding: \(coding)\r\nContent-Length: \(body.count)\r\n\r\n"
        try client.send(Array(head.utf8) + body)
    }

    @Test(arguments: ["zstd", "ZSTD"])
    func enginesGetThePlainBody(_ coding: String) async throws {
        let engine = try await ScriptedUpstream { request, connection in connection.answer(request.body) }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        let long =
            #"{"model":"tiny","stream":false,"messages":[{"role":"user","content":""#
            + String(repeating: "tell me more. ", count: 20_000) + #""}]}"#
        for body in [Lines.plain, long] {
            try send(packed(body), coding, to: client)
            #expect(try await client.response().body == body)
        }
        // Two frames are one body.
        let half = Lines.plain.index(Lines.plain.startIndex, offsetBy: 10)
        try send(packed(String(Lines.plain[..<half])) + packed(String(Lines.plain[half...])), coding, to: client)
        #expect(try await client.response().body == Lines.plain)
        #expect(engine.requests.allSatisfy { $0.header("content-encoding") == nil })
        await peer.stop()
    }

    @Test func plainBodiesMaySaySo() async throws {
        let engine = try await ScriptedUpstream { request, connection in connection.answer(request.body) }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try send(Array(Lines.plain.utf8), "identity", to: client)
        #expect(try await client.response().body == Lines.plain)
        await peer.stop()
    }

    /// A small body takes little room however much comes out of it, and gives all of it back.
    @Test func bombsAreBoundedByWhatWasSent() async throws {
        let engine = try await ScriptedUpstream { request, connection in connection.answer(request.body) }
        let peer = try await TestPeer(alone: "h1", engine: engine) { $0.maximumBufferedBytes = 3 << 20 }
        let client = try peer.client()
        let bomb = packed(String(repeating: "a", count: 8 << 20))
        for _ in 0..<5 {
            try send(bomb, "zstd", to: client)
            let response = try await client.response()
            #expect(response.status == 413 && response.body.contains(text: "larger than \(1 << 20)"))
            try send(packed(Lines.plain), "zstd", to: client)
            #expect(try await client.response().body == Lines.plain)
        }
        await peer.stop()
    }

    @Test func whatCannotBeUnpackedIsSaid() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine) { $0.maximumBodyBytes = 10_000 }
        let client = try peer.client()
        var broken = packed(Lines.plain)
        broken[broken.count / 2] ^= 0xFF
        let bomb = packed(String(repeating: "a", count: 1_000_000))
        let cases: [([UInt8], String, Int, String)] = [
            (Array(Lines.plain.utf8), "zstd", 400, "damaged"), (Array(packed(Lines.plain).dropLast(3)), "zstd", 400, "damaged"),
            (bomb, "zstd", 413, "larger than 10000"), (Array(Lines.plain.utf8), "gzip", 415, "Content-Encoding: zstd"),
            (Array(Lines.plain.utf8), "zstd, zstd", 415, "zstd"),
        ]
        for (body, coding, status, words) in cases {
            try send(body, coding, to: client)
            let response = try await client.response()
            #expect(response.status == status && response.body.contains(text: words), "\(response.body)")
        }
        try send(broken, "zstd", to: client)
        let status = try await client.response().status
        #expect(status == 400 || status == 200, "a flipped bit may hit text, which carries no checksum")
        #expect(await eventually { peer.state.counters.active == 0 })
        await peer.stop()
    }
}
