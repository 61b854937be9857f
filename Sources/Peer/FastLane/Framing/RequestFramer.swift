internal import NIOCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Cuts a client's bytes into HTTP/1 requests, one after the other (RFC 9112).
///
/// Hand-written because the relay's price is mostly what happens to heads: here a head is looked at once and its lines go on as
/// they came. After an error nothing more comes out.
struct RequestFramer {
    /// What `next` found.
    enum Part {
        /// A request begins.
        case head(RequestHead)
        /// Bytes of its body, without framing.
        case body(ByteBuffer)
        /// It is here in full.
        case end
    }

    private enum State {
        /// → length, chunkSize, ended
        case head
        /// → head
        case length(Int)
        /// The body is over, which was not said yet. → head
        case ended
        /// → chunk, trailers
        case chunkSize
        /// So many bytes of data are left. → chunkEnd
        case chunk(Int)
        /// → chunkSize
        case chunkEnd
        /// So many bytes of trailers were read. → head
        case trailers(Int)
        case broken
    }

    /// A larger head is refused.
    static let maximumHead = 64 << 10
    private static let maximumChunkLine = 1024
    private static let maximumTrailers = 16 << 10

    private var state = State.head
    private var pending = ByteBuffer()
    /// No head ends before this offset.
    private var searched = 0

    /// Bytes that are not cut yet.
    var pendingBytes: Int { pending.readableBytes }

    /// The connection is within a request.
    var isWithinRequest: Bool {
        switch state {
        case .head, .broken: false
        default: true
        }
    }

    /// Adds what was read.
    mutating func append(_ buffer: ByteBuffer) {
        if pending.readableBytes == 0 {
            pending = buffer
        } else {
            pending.writeImmutableBuffer(buffer)
        }
    }

    /// Nothing more is taken.
    mutating func stop() {
        state = .broken
        pending = ByteBuffer()
    }

    /// The next part; nil when more bytes are needed.
    mutating func next() throws(RequestFramingError) -> Part? {
        do throws(RequestFramingError) {
            while true {
                switch state {
                case .head: return try head()
                case .length(let left): return data(left, after: .ended) { .length($0) }
                case .ended:
                    state = .head
                    return .end
                case .chunkSize: guard try chunkSize() else { return nil }
                case .chunk(let left): return data(left, after: .chunkEnd) { .chunk($0) }
                case .chunkEnd:
                    guard let end = pending.getBytes(at: pending.readerIndex, length: 2) else { return nil }
                    guard end == [0x0D, 0x0A] else { throw .malformed("a chunk does not end where its size says") }
                    pending.moveReaderIndex(forwardBy: 2)
                    state = .chunkSize
                case .trailers(let read): guard try trailers(read) else { return nil }
                case .broken: return nil
                }
            }
        } catch {
            stop()
            throw error
        }
    }

    // MARK: Heads

    private mutating func head() throws(RequestFramingError) -> Part? {
        skipEmptyLines()
        guard let end = headEnd() else {
            if pending.readableBytes > Self.maximumHead { throw .headTooLarge }
            guard beginsLikeARequest else { throw .malformed("the request line is not 'METHOD target HTTP/1.1'") }
            return nil
        }
        guard end <= Self.maximumHead else { throw .headTooLarge }
        let outcome = pending.withUnsafeReadableBytes { raw -> Result<RequestHead, RequestFramingError> in
            let all = UnsafeBufferPointer(rebasing: raw.bindMemory(to: UInt8.self)[..<end])
            var parser = RequestHeadParser(all)
            do throws(RequestFramingError) { return .success(try parser.parse()) } catch { return .failure(error) }
        }
        let head = try outcome.get()
        pending.moveReaderIndex(forwardBy: end)
        searched = 0
        if head.isChunked {
            state = .chunkSize
        } else if let length = head.contentLength, length > 0 {
            state = .length(length)
        } else {
            state = .ended
        }
        return .head(head)
    }

    /// A head that is not all here: who speaks another protocol, such as TLS, is told at once and need not wait for a time-out.
    private var beginsLikeARequest: Bool {
        for (place, byte) in pending.readableBytesView.prefix(33).enumerated() {
            if byte.isToken, place < 32 { continue }
            return byte == 0x20 ? place > 0 : byte == 0x0D && place == 0
        }
        return true
    }

    /// Empty lines before a request line are no error (RFC 9112 §2.2).
    private mutating func skipEmptyLines() {
        while let first: UInt8 = pending.getInteger(at: pending.readerIndex), first == 0x0D,
            let second: UInt8 = pending.getInteger(at: pending.readerIndex + 1), second == 0x0A
        {
            pending.moveReaderIndex(forwardBy: 2)
            searched = max(0, searched - 2)
        }
    }

    /// The number of bytes up to and with the empty line.
    private mutating func headEnd() -> Int? {
        let start = max(0, searched - 3)
        searched = pending.readableBytes
        return pending.withUnsafeReadableBytes { raw in
            guard let base = raw.baseAddress else { return nil }
            var at = start
            while at < raw.count, let found = memchr(base + at, 0x0A, raw.count - at) {
                let line = base.distance(to: UnsafeRawPointer(found))
                // A bare line feed ends a head too: the parser then says what is wrong with it.
                if line + 2 < raw.count, raw[line + 1] == 0x0D, raw[line + 2] == 0x0A { return line + 3 }
                if line + 1 < raw.count, raw[line + 1] == 0x0A { return line + 2 }
                at = line + 1
            }
            return nil
        }
    }

    // MARK: Bodies

    private mutating func data(_ left: Int, after: State, _ again: (Int) -> State) -> Part? {
        guard let part = pending.readSlice(length: min(left, pending.readableBytes)), part.readableBytes > 0 else { return nil }
        let rest = left - part.readableBytes
        state = rest == 0 ? after : again(rest)
        return .body(part)
    }

    /// A line up to its end, without it; nil when it is not all here.
    private mutating func line(_ limit: Int) throws(RequestFramingError) -> [UInt8]? {
        let view = pending.readableBytesView
        guard let end = view.prefix(limit).firstIndex(of: 0x0A) else {
            if view.count > limit { throw .malformed("a line of the body's framing is too long") }
            return nil
        }
        let length = end - view.startIndex
        guard let bytes = pending.readBytes(length: length + 1), length >= 1, bytes[length - 1] == 0x0D else {
            throw .malformed("a lone line feed in the body's framing")
        }
        let line = Array(bytes[..<(length - 1)])
        guard !line.contains(where: { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }) else {
            throw .malformed("a control character in the body's framing")
        }
        return line
    }

    /// `hex[;extension]`; extensions mean nothing here.
    private mutating func chunkSize() throws(RequestFramingError) -> Bool {
        guard let line = try line(Self.maximumChunkLine) else { return false }
        var size = 0
        var digits = 0
        for byte in line {
            guard let digit = JSONWalker.hexValue(byte) else { break }
            size = size << 4 | Int(digit)
            digits += 1
            guard digits <= 12 else { throw .malformed("a chunk is too large") }
        }
        guard digits > 0 else { throw .malformed("a chunk without a size") }
        if digits < line.count {
            let after = line[digits]
            guard after == UInt8(ascii: ";") || after == 0x20 || after == 0x09 else {
                throw .malformed("a chunk's size is no number")
            }
        }
        state = size > 0 ? .chunk(size) : .trailers(0)
        return true
    }

    /// Trailers end with an empty line; they are for nobody.
    private mutating func trailers(_ read: Int) throws(RequestFramingError) -> Bool {
        guard let line = try line(Self.maximumTrailers) else { return false }
        if line.isEmpty {
            state = .ended
            return true
        }
        guard line.contains(UInt8(ascii: ":")) else { throw .malformed("a trailer is not 'Name: value'") }
        guard read + line.count <= Self.maximumTrailers else { throw .malformed("the trailers are too long") }
        state = .trailers(read + line.count)
        return true
    }
}
