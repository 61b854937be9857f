import Testing

@testable import BenchCommand

@Suite struct AnswerReaderTests {
    static let line = #"{"sent":"0000000000000000042","message":{"content":"x"},"done":false}"# + "\n"
    static let last =
        #"{"sent":"0000000000000000043","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop""#
        + #","eval_count":64,"prompt_eval_count":26}"# + "\n"

    static func chunk(_ text: String) -> String { String(text.utf8.count, radix: 16) + "\r\n" + text + "\r\n" }

    /// As a relay may cut it: one line over two chunks, two lines in one.
    static let stream =
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
        + chunk(String(line.prefix(30))) + chunk(String(line.dropFirst(30))) + chunk(line + last) + "0\r\n\r\n"
    static let whole = "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\ncontent-length: 5\r\n\r\nhello"

    /// Feeds `text` in pieces of `size` bytes.
    func read(_ text: String, size: Int) throws -> AnswerReader {
        var reader = AnswerReader()
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            try Array(bytes.prefix(size)).withUnsafeBytes { try reader.feed($0) }
            bytes = bytes.dropFirst(size)
        }
        return reader
    }

    @Test(arguments: 1...200) func aStreamIsReadHoweverItIsCut(size: Int) throws {
        let reader = try read(Self.stream, size: size)
        #expect(reader.isDone)
        #expect(reader.status == 200)
        #expect(reader.lines.count == 3)
        #expect(reader.lines.stamps == [42, 42, 43])
        #expect(reader.lines.sawEnd)
        #expect(!reader.lines.sawForeign)
    }

    @Test(arguments: 1...80) func aLengthIsReadHoweverItIsCut(size: Int) throws {
        let reader = try read(Self.whole, size: size)
        #expect(reader.isDone)
        #expect(reader.bodyBytes == 5)
        #expect(!reader.closes)
    }

    @Test func aCutStreamIsNotDone() throws {
        #expect(try !read(String(Self.stream.dropLast(3)), size: 50).isDone)
        #expect(try !read(String(Self.whole.dropLast()), size: 50).isDone)
    }

    @Test func foreignLinesAndClosingAreSeen() throws {
        let reader = try read(
            "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + Self.chunk("no\n")
                + "0\r\n\r\n", size: 10)
        #expect(reader.status == 503)
        #expect(reader.closes)
        #expect(reader.lines.sawForeign)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\n\r\n", "SSH-2.0-x\r\n\r\n", whole + "x", "HTTP/1.1 102 Processing\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ]) func whatIsNoAnswerIsRefused(text: String) {
        #expect(throws: BenchProblem.self) { try read(text, size: 1_000) }
    }
}
