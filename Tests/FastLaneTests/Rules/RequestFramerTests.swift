import NIOCore
import NIOHTTP1
import Testing

@testable import FastLane

/// Requests on every cut of their bytes, and what is no request (RFC 9112).
@Suite struct RequestFramerTests {
    /// What came out, in words that are the same however the bytes were cut.
    struct Outcome: Equatable {
        var requests: [String] = []
        var error: RequestFramingError?
    }

    private func run(_ bytes: [UInt8], step: Int) -> Outcome {
        var framer = RequestFramer()
        var outcome = Outcome()
        do throws(RequestFramingError) {
            var at = 0
            while at < bytes.count {
                framer.append(ByteBuffer(bytes: bytes[at..<min(bytes.count, at + step)]))
                at += step
                while let part = try framer.next() { take(part, &outcome) }
            }
        } catch {
            outcome.error = error
            let after = try? framer.next()
            #expect(after == nil, "nothing comes after an error")
        }
        return outcome
    }

    private func take(_ part: RequestFramer.Part, _ outcome: inout Outcome) {
        switch part {
        case .head(let head):
            let lines = head.fields.map { "\($0.kind)" }.joined(separator: " ")
            outcome.requests.append("\(head.method) \(head.target) 1.\(head.minor) \(head.keepsAlive) [\(lines)] ")
        case .body(let bytes): outcome.requests[outcome.requests.count - 1] += String(buffer: bytes)
        case .end: outcome.requests[outcome.requests.count - 1] += " END"
        }
    }

    private func outcomes(_ text: String) -> Outcome {
        let bytes = Array(text.utf8)
        let whole = run(bytes, step: max(1, bytes.count))
        for step in [1, 2, 3, 5, 7, 16, 61] { #expect(run(bytes, step: step) == whole, "cut every \(step) bytes") }
        return whole
    }

    @Test func requestsOneAfterTheOther() {
        let outcome = outcomes(
            "\r\nPOST /api/chat?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.0\r\n\r\n"
                + "POST /x HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n0A;a=b\r\n0123456789\r\n0\r\nX: y\r\n\r\n"
                + "\r\n\r\nHEAD /y HTTP/1.1\r\ncontent-length:0\r\n\r\n")
        #expect(
            outcome.requests == [
                "POST /api/chat?x=1 1.1 true [host contentLength] hello END", "GET / 1.0 false []  END",
                "POST /x 1.1 true [transferEncoding] abc0123456789 END", "HEAD /y 1.1 true [contentLength]  END",
            ])
        #expect(outcome.error == nil)
    }

    @Test func linesAreKnownInAnyCase() {
        let outcome = outcomes(
            "GET / HTTP/1.1\r\nHOST: a\r\nconnection: Keep-Alive\r\nTE: x\r\nAccept-Encoding: gzip\r\nX-HERD-Hop: 1\r\n"
                + "x-fleet-Tags:\tb \r\nX-Api-Key: k\r\nAuthorization: Bearer x\r\nExpect: 100-continue\r\nOrigin: o\r\n"
                + "Upgrade: h2c\r\nAccept: */*\r\nX-Herd-: 1\r\n\r\n")
        #expect(
            outcome.requests == [
                "GET / 1.1 true [host connection hop hop mesh fleet apiKey authorization expect origin upgrade other other]  END"
            ])
    }

    @Test(arguments: [
        ("", true), ("Connection: close\r\n", false), ("Connection: foo, CLOSE\r\n", false), ("Connection: closed\r\n", true),
        ("Connection: keep-alive\r\n", true),
    ])
    func whoKeepsTheConnection(_ line: String, _ keeps: Bool) {
        #expect(outcomes("GET / HTTP/1.1\r\n\(line)\r\n").requests.first?.hasPrefix("GET / 1.1 \(keeps)") == true)
    }

    @Test func linesNamedByConnectionStayHere() throws {
        var framer = RequestFramer()
        framer.append(
            ByteBuffer(
                string:
                    "GET / HTTP/1.1\r\nX-One: 1\r\nConnection: x-ONE, keep-alive\r\nX-Two: 2\r\nX-Three:  3 \r\nHost: h\r\n\r\n"))
        guard case .head(let head) = try framer.next() else {
            Issue.record("no head")
            return
        }
        var passed: [String] = []
        head.forEachPassedOn { passed.append(String(decoding: $0, as: UTF8.self)) }
        #expect(passed == ["X-Two: 2\r\nX-Three:  3 \r\n"])
        #expect(head.first(name: "x-three") == "3" && head.first(.host) == "h" && !head.contains(name: "x-four"))
    }

    @Test func whatIsTakenOutReachesNobody() throws {
        var framer = RequestFramer()
        framer.append(ByteBuffer(string: "GET /a?api_key=k HTTP/1.1\r\nA: 1\r\nAuthorization: Bearer s\r\nB: 2\r\n\r\n"))
        guard case .head(let head) = try framer.next() else {
            Issue.record("no head")
            return
        }
        head.remove(.authorization)
        head.change(target: "/a")
        var passed = ""
        head.forEachPassedOn { passed += String(decoding: $0, as: UTF8.self) }
        #expect(passed == "A: 1\r\nB: 2\r\n")
        #expect(head.http.headers.map(\.name) == ["A", "B"] && head.http.uri == "/a" && head.target == "/a")
        #expect(head.first(name: "authorization") == nil && head.all(.authorization).isEmpty)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\n\r\n", "GET  / HTTP/1.1\r\n\r\n", "GET / HTTP/1.2\r\n\r\n",
        "GET / HTTP/2.0\r\n\r\n", "GET /\r\n\r\n", "G(T / HTTP/1.1\r\n\r\n", "GET /a b HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
        "GET / HTTP/1.1\r\n: a\r\n\r\n", "GET / HTTP/1.1\r\nHost\r\n\r\n", "GET / HTTP/1.1\r\nA: b\u{0}c\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", "GET / HTTP/1.1\r\nA: \u{7F}\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: \r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: +5\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 5 5\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: 0x5\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 9999999999999999\r\n\r\n", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1x\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nbad\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFF\r\n",
    ])
    func whatCanBeReadInTwoWaysIsRefused(_ text: String) {
        let error = outcomes(text).error
        #expect(error?.status == 400)
        #expect(error?.words.hasPrefix("malformed HTTP request: ") == true)
    }

    /// A TLS client that meets this port has no line end to send.
    @Test func otherProtocolsAreToldAtOnce() {
        for bytes: [UInt8] in [
            [0x16, 0x03, 0x01, 0x02, 0x00, 0x01], Array("SSH-2.0\t".utf8), Array(repeating: 65, count: 33), [0x20],
        ] {
            for step in [1, 100] { #expect(run(bytes, step: step).error?.status == 400) }
        }
        for text in ["P", "POST", "POST ", "POST /a", "\r", String(repeating: "A", count: 32)] {
            #expect(run(Array(text.utf8), step: 1) == Outcome())
        }
    }

    @Test func lengthsThatContradict() {
        for second in ["Content-Length: 2", "Content-Length: 3", "Transfer-Encoding: chunked"] {
            let error = outcomes("POST / HTTP/1.1\r\nContent-Length: 2\r\n\(second)\r\n\r\n{}").error
            #expect(error == .contradictoryLength && error?.status == 400)
        }
    }

    @Test(arguments: ["gzip", "gzip, chunked", "chunked, chunked", "identity", ""])
    func otherCodingsAreNotTaken(_ coding: String) {
        let error = outcomes("POST / HTTP/1.1\r\nTransfer-Encoding: \(coding)\r\n\r\n").error
        #expect(error == .unknownCoding && error?.status == 501)
    }

    @Test func headsAreBounded() {
        let long = String(repeating: "a", count: RequestFramer.maximumHead)
        #expect(run(Array("GET / HTTP/1.1\r\nA: \(long)\r\n\r\n".utf8), step: 1000).error == .headTooLarge)
        #expect(run(Array("GET /\(long)".utf8), step: 4096).error == .headTooLarge)
        let lines = String(repeating: "A: b\r\n", count: 257)
        #expect(run(Array("GET / HTTP/1.1\r\n\(lines)\r\n".utf8), step: 100).error?.status == 431)
        let trailers = String(repeating: "A: \(String(repeating: "b", count: 500))\r\n", count: 40)
        let chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\(trailers)"
        #expect(run(Array(chunked.utf8), step: 1000).error?.status == 400)
        let extended = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;\(String(repeating: "x", count: 2000))"
        #expect(run(Array(extended.utf8), step: 1000).error?.status == 400)
    }

    /// Random bytes, and good requests with one byte changed: an answer or an error, the same on every cut, never a crash.
    @Test(arguments: UInt64(1)...20)
    func anything(_ seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        func random(_ below: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(below))
        }
        let good = Array(
            "POST /api/chat HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n"
                .utf8)
        for _ in 0..<200 {
            var bytes = good
            for _ in 0...random(3) { bytes[random(bytes.count)] = UInt8(random(256)) }
            let whole = run(bytes, step: bytes.count)
            let cut = run(bytes, step: 1 + random(9))
            #expect(cut.requests == whole.requests && cut.error?.status == whole.error?.status)
        }
    }
}
