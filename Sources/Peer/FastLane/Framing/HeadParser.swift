internal import NIOCore

/// Parses one response head, given whole.
struct HeadParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// The lines to pass on that stand together, and a copy where they do not.
    private var kept = 0..<0
    private var copied: ByteBuffer?
    private var length: Int?
    private var chunked = false
    private var close = false
    private var keepAliveToken = false
    private var content = ContentKind.whole
    private var busy: String?
    private var refused: String?
    private var rewrites: String?

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Parses `head`, which ends with the empty line.
    static func parse(_ head: ByteBuffer) throws(FramingError) -> UpstreamHead {
        let outcome = head.withUnsafeReadableBytes { raw -> Result<UpstreamHead, FramingError> in
            var parser = HeadParser(raw.bindMemory(to: UInt8.self))
            do throws(FramingError) {
                return .success(try parser.run(head))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    private mutating func run(_ head: ByteBuffer) throws(FramingError) -> UpstreamHead {
        let statusEnd = try lineEnd(from: 0)
        // "HTTP/1.x SSS reason"
        guard statusEnd >= 12, matches(0..<7, "http/1."), bytes[8] == 0x20, statusEnd == 12 || bytes[12] == 0x20 else {
            throw .badHead
        }
        var status = 0
        for at in 9..<12 {
            guard bytes[at] >= 48, bytes[at] <= 57 else { throw .badHead }
            status = status * 10 + Int(bytes[at] - 48)
        }
        guard status >= 100 else { throw .badHead }
        let minor = bytes[7]
        var at = statusEnd + 2
        while at < bytes.count - 2 {
            let end = try lineEnd(from: at)
            try line(at..<end)
            at = end + 2
        }
        let lines = copied ?? head.getSlice(at: head.readerIndex + kept.lowerBound, length: kept.count) ?? ByteBuffer()
        return UpstreamHead(
            status: status, statusText: statusText(9..<statusEnd), lines: lines, framing: framing(status: status),
            keepAlive: minor == UInt8(ascii: "1") ? !close : keepAliveToken && !close, content: content,
            busy: busy, refused: refused, rewrites: rewrites)
    }

    private func statusText(_ range: Range<Int>) -> String {
        if matches(range, "200 ok") { return "200 OK" }
        return String(decoding: bytes[range].map { $0 < 0x20 || $0 > 0x7E ? 0x20 : $0 }, as: UTF8.self)
    }

    private func framing(status: Int) -> BodyFraming {
        if status < 200 || status == 204 || status == 304 { return .none }
        if chunked { return .chunked }
        return length.map { .length($0) } ?? .untilClose
    }

    private func lineEnd(from start: Int) throws(FramingError) -> Int {
        guard let base = bytes.baseAddress else { throw .badHead }
        let last = bytes.count - 1
        var at = start
        while at < last {
            let byte = base[at]
            if byte > 0x0D {
                at &+= 1
                continue
            }
            if byte == 0x0D {
                guard base[at + 1] == 0x0A else { throw .badHead }
                return at
            }
            if byte == 0x0A || byte == 0 { throw .badHead }
            at &+= 1
        }
        throw .badHead
    }

    /// One header line: read where it matters, kept unless it belongs to this hop.
    private mutating func line(_ range: Range<Int>) throws(FramingError) {
        guard let colon = range.first(where: { bytes[$0] == UInt8(ascii: ":") }), colon > range.lowerBound,
            bytes[range.lowerBound] > 0x20, bytes[colon - 1] > 0x20
        else { throw .badHead }
        let name = range.lowerBound..<colon
        let value = trimmed(colon + 1..<range.upperBound)
        switch name.count {
        case 10 where matches(name, "connection"):
            close = close || contains(value, "close")
            keepAliveToken = keepAliveToken || contains(value, "keep-alive")
        case 14 where matches(name, "content-length"): try contentLength(value)
        case 17 where matches(name, "transfer-encoding"):
            guard matches(value, "chunked") else { throw .badFraming }
            chunked = true
        case 11 where matches(name, "x-herd-busy"): busy = text(value)
        case 14 where matches(name, "x-herd-refused"): refused = text(value)
        case 15 where matches(name, "x-herd-rewrites"): rewrites = text(value)
        case 10 where matches(name, "keep-alive"), 7 where matches(name, "upgrade"), 7 where matches(name, "trailer"): break
        case 7... where matches(name.lowerBound..<name.lowerBound + 7, "x-herd-"): break
        case 8... where matches(name.lowerBound..<name.lowerBound + 8, "x-fleet-"): break
        case 15... where matches(name.lowerBound..<name.lowerBound + 15, "access-control-"): break
        default:
            if name.count == 12, matches(name, "content-type") { contentType(value) }
            keep(range.lowerBound..<range.upperBound + 2)
        }
    }

    private mutating func keep(_ line: Range<Int>) {
        if copied != nil {
            copied?.writeBytes(UnsafeBufferPointer(rebasing: bytes[line]))
        } else if kept.isEmpty {
            kept = line
        } else if line.lowerBound == kept.upperBound {
            kept = kept.lowerBound..<line.upperBound
        } else {
            var copy = ByteBufferAllocator().buffer(capacity: bytes.count)
            copy.writeBytes(UnsafeBufferPointer(rebasing: bytes[kept]))
            copy.writeBytes(UnsafeBufferPointer(rebasing: bytes[line]))
            copied = copy
        }
    }

    private mutating func contentLength(_ value: Range<Int>) throws(FramingError) {
        guard !value.isEmpty, value.count <= 15 else { throw .badFraming }
        var number = 0
        for at in value {
            guard bytes[at] >= 48, bytes[at] <= 57 else { throw .badFraming }
            number = number * 10 + Int(bytes[at] - 48)
        }
        guard length == nil || length == number else { throw .badFraming }
        length = number
    }

    private mutating func contentType(_ value: Range<Int>) {
        if value.count >= 17, matches(value.lowerBound..<value.lowerBound + 17, "text/event-stream") {
            content = .sse
        } else if value.count >= 20, matches(value.lowerBound..<value.lowerBound + 20, "application/x-ndjson") {
            content = .ndjson
        }
    }

    // MARK: Bytes

    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        var from = range.lowerBound
        var to = range.upperBound
        while from < to, bytes[from] == 0x20 || bytes[from] == 0x09 { from += 1 }
        while to > from, bytes[to - 1] == 0x20 || bytes[to - 1] == 0x09 { to -= 1 }
        return from..<to
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// Equal to `word`, which is lower case, without regard to case.
    private func matches(_ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount, range.upperBound <= bytes.count else { return false }
        guard let base = bytes.baseAddress else { return false }
        let (here, wanted) = (base + range.lowerBound, word.utf8Start)
        for offset in 0..<range.count {
            var byte = here[offset]
            if byte >= 65, byte <= 90 { byte |= 0x20 }
            if byte != wanted[offset] { return false }
        }
        return true
    }

    private func contains(_ range: Range<Int>, _ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard range.count >= count else { return false }
        return (range.lowerBound...range.upperBound - count).contains { matches($0..<$0 + count, word) }
    }
}
