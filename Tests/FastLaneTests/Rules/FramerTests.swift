import NIOCore
import Testing

@testable import FastLane

/// The framer on every cut of its input.
@Suite struct FramerTests {
    struct Outcome: Equatable {
        var status = 0
        var interim: [Int] = []
        var raw = ""
        var payload = ""
        var trailer: String?
        var ended = false
        var surplus = false
        var error: FramingError?
    }

    private func run(_ text: String, step: Int, close: Bool = false) -> Outcome {
        var framer = ResponseFramer()
        var outcome = Outcome()
        var payload: [UInt8] = []
        let bytes = Array(text.utf8)
        do throws(FramingError) {
            var at = 0
            while at < bytes.count {
                framer.append(ByteBuffer(bytes: bytes[at..<min(bytes.count, at + step)]))
                at += step
                while let piece = try framer.next(payload: { payload += $0 }) { take(piece, &outcome) }
            }
            if close, !framer.isDone { take(try framer.closed(), &outcome) }
        } catch {
            outcome.error = error
        }
        outcome.payload = String(decoding: payload, as: UTF8.self)
        outcome.surplus = framer.hasSurplus
        return outcome
    }

    private func take(_ piece: ResponseFramer.Piece, _ outcome: inout Outcome) {
        switch piece {
        case .interim(let status): outcome.interim.append(status)
        case .head(let head): outcome.status = head.status
        case .body(let bytes): outcome.raw += String(buffer: bytes)
        case .end(let trailer):
            outcome.ended = true
            outcome.trailer = trailer.map { String(buffer: $0) }
        }
    }

    @Test(arguments: [1, 2, 3, 7, 50, 10_000])
    func chunkedBodies(step: Int) {
        let body = "5\r\nhello\r\n3;ext=1\r\n wo\r\nA\r\n0123456789\r\n"
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/x-ndjson\r\n\r\n"
        let interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nA: b\r\n\r\n"
        let outcome = run(interim + head + body + "0\r\nX: y\r\n\r\n", step: step)
        #expect(outcome.interim == [100, 103])
        #expect(outcome.status == 200)
        #expect(outcome.raw == body)
        #expect(outcome.payload == "hello wo0123456789")
        #expect(outcome.trailer == "0\r\nX: y\r\n\r\n")
        #expect(outcome.ended && !outcome.surplus && outcome.error == nil)
    }

    @Test(arguments: [1, 4, 1_000])
    func otherFramings(step: Int) {
        let length = run("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", step: step)
        #expect(length.payload == "hello" && length.ended)
        let empty = run("HTTP/1.1 204 No Content\r\n\r\n", step: step)
        #expect(empty.ended && empty.payload.isEmpty)
        let notModified = run("HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n", step: step)
        #expect(notModified.ended)
        let close = run("HTTP/1.0 200 OK\r\n\r\nall of it", step: step, close: true)
        #expect(close.payload == "all of it" && close.ended)
        let surplus = run("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiXX", step: 1_000)
        #expect(surplus.ended && surplus.surplus)
    }

    @Test func largeChunksAreNotHeldBack() throws {
        var framer = ResponseFramer()
        framer.append(ByteBuffer(string: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))
        _ = try framer.next(payload: { _ in })
        framer.append(ByteBuffer(string: "20000\r\n" + String(repeating: "x", count: 70_000)))
        var seen = 0
        guard case .body(let bytes) = try framer.next(payload: { seen += $0.count }) else {
            Issue.record("a large chunk was held back")
            return
        }
        #expect(bytes.readableBytes == 70_007)
        #expect(seen == 70_000)
        #expect(framer.isWithinChunk)
        framer.append(ByteBuffer(string: String(repeating: "x", count: 0x20000 - 70_000) + "\r\n0\r\n\r\n"))
        while let piece = try framer.next(payload: { seen += $0.count }) {
            if case .end = piece { break }
        }
        #expect(seen == 0x20000)
        #expect(framer.isDone)
    }

    @Test func smallChunksCutShortAreHeldBack() throws {
        var framer = ResponseFramer()
        framer.append(ByteBuffer(string: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n5\r\nhel"))
        _ = try framer.next(payload: { _ in })
        guard case .body(let bytes) = try framer.next(payload: { _ in }) else {
            Issue.record("no body")
            return
        }
        #expect(String(buffer: bytes) == "3\r\nabc\r\n")
        #expect(try framer.next(payload: { _ in }) == nil)
        #expect(!framer.isWithinChunk)
        #expect(throws: FramingError.cutOff) { try framer.closed() }
    }

    @Test(arguments: [
        ("HTTX/1.1 200 OK\r\n\r\n", FramingError.badHead), ("HTTP/1.1 2x0 OK\r\n\r\n", .badHead),
        ("HTTP/1.1 20\r\n\r\n", .badHead),
        ("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", .badHead), ("HTTP/1.1 200 OK\r\n folded: x\r\n\r\n", .badHead),
        ("HTTP/1.1 200 OK\r\nA : b\r\n\r\n", .badHead), ("HTTP/1.1 101 Switch\r\n\r\n", .badHead),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", .badFraming),
        ("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", .badFraming),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\n", .badFraming),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", .badFraming),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", .badChunk),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n", .badChunk),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n", .badChunk),
    ])
    func badResponses(_ text: String, _ error: FramingError) {
        #expect(run(text, step: 10_000).error == error)
    }

    @Test func endlessHeadsAreRefused() {
        let head = "HTTP/1.1 200 OK\r\n" + String(repeating: "A: b\r\n", count: 20_000)
        #expect(run(head, step: 1_000).error == .headTooLarge)
    }

    @Test func headersOfThisHopAndOfTheMeshStayBehind() throws {
        let text =
            "HTTP/1.1 200 OK\r\nServer: x\r\nConnection: keep-alive, close\r\nKeep-Alive: 5\r\nX-Herd-Load: 1\r\n"
            + "X-Fleet-Node: liar\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
            + "X-Herd-Busy: slots;1;0;\r\n"
            + "Content-Length: 0\r\n\r\n"
        let head = try HeadParser.parse(ByteBuffer(string: text))
        #expect(String(buffer: head.lines) == "Server: x\r\nContent-Type: text/event-stream; charset=utf-8\r\n")
        #expect(!head.keepAlive)
        #expect(head.content == .sse)
        #expect(head.busy == "slots;1;0;")
        #expect(head.statusText == "200 OK")
    }
}
