internal import NIOCore

/// Cuts an upstream's bytes into one HTTP/1 response: it finds the borders and leaves the bytes alone.
///
/// A chunk of up to 64 KiB is let through only whole, so a stream that breaks has whole events behind it and an error event can
/// follow.
struct ResponseFramer {
    /// What `next` found.
    enum Piece {
        /// An interim response (1xx).
        case interim(status: Int)
        /// The response's head.
        case head(UpstreamHead)
        /// Body bytes as they came, framing included.
        case body(ByteBuffer)
        /// The end; for a chunked body with the bytes of the last chunk and its trailers.
        case end(ByteBuffer?)
    }

    private enum State {
        /// → body, done, head (after an interim response)
        case head
        /// → done
        case length(Int)
        /// → inChunk, done
        case chunks
        /// → chunks
        case inChunk(Int)
        /// → done
        case untilClose
        /// No more pieces.
        case done
    }

    static let maximumHead = 64 << 10
    static let largestHeldChunk = 64 << 10
    private static let maximumTrailers = 16 << 10

    private var state = State.head
    private var pending = ByteBuffer()
    private var searched = 0

    /// The response has ended.
    var isDone: Bool { if case .done = state { true } else { false } }
    /// Bytes came behind the response's end.
    var hasSurplus: Bool { isDone && pending.readableBytes > 0 }
    /// A chunk has been let through in part: nothing can be added behind it.
    var isWithinChunk: Bool { if case .inChunk = state { true } else { false } }

    /// Adds what was read.
    mutating func append(_ buffer: ByteBuffer) {
        if pending.readableBytes == 0 {
            pending = buffer
        } else {
            pending.writeImmutableBuffer(buffer)
        }
    }

    /// The next piece; nil when more bytes are needed.
    ///
    /// - Parameter payload: gets the body's bytes without framing, in order.
    mutating func next(payload: (UnsafeRawBufferPointer) -> Void) throws(FramingError) -> Piece? {
        switch state {
        case .head: return try nextHead()
        case .length(let left):
            if left == 0 { return finished(nil) }
            guard let part = pending.readSlice(length: min(left, pending.readableBytes)), part.readableBytes > 0 else {
                return nil
            }
            state = .length(left - part.readableBytes)
            part.withUnsafeReadableBytes(payload)
            return .body(part)
        case .untilClose:
            guard pending.readableBytes > 0 else { return nil }
            let part = pending
            pending = ByteBuffer()
            part.withUnsafeReadableBytes(payload)
            return .body(part)
        case .chunks, .inChunk: return try nextChunks(payload)
        case .done: return nil
        }
    }

    /// The upstream closed: the end of a body that lasts until then.
    mutating func closed() throws(FramingError) -> Piece {
        guard case .untilClose = state else { throw .cutOff }
        return finished(nil)
    }

    private mutating func finished(_ trailer: ByteBuffer?) -> Piece {
        state = .done
        return .end(trailer)
    }

    private mutating func nextHead() throws(FramingError) -> Piece? {
        guard let end = headEnd() else {
            if pending.readableBytes > Self.maximumHead { throw .headTooLarge }
            return nil
        }
        guard end <= Self.maximumHead, let bytes = pending.readSlice(length: end) else { throw .headTooLarge }
        searched = 0
        let head = try HeadParser.parse(bytes)
        if head.status < 200 {
            // 101 would hand the connection over to another protocol, which nobody asked for.
            guard head.status != 101 else { throw .badHead }
            return .interim(status: head.status)
        }
        switch head.framing {
        case .none: state = .length(0)
        case .length(let count): state = .length(count)
        case .chunked: state = .chunks
        case .untilClose: state = .untilClose
        }
        return .head(head)
    }

    /// The number of bytes up to and with the empty line.
    private mutating func headEnd() -> Int? {
        let start = max(0, searched - 3)
        searched = pending.readableBytes
        return pending.withUnsafeReadableBytes { raw in
            var at = start
            while at + 3 < raw.count {
                if raw[at + 3] != 0x0A {
                    at += 1
                } else if raw[at] == 0x0D, raw[at + 1] == 0x0A, raw[at + 2] == 0x0D {
                    return at + 4
                } else {
                    at += 1
                }
            }
            return nil
        }
    }
}

extension ResponseFramer {
    // MARK: Chunks (RFC 9112 §7.1)

    /// What stands at an offset.
    private enum Chunk {
        case needsMore
        /// Size line of so many bytes, then so many bytes of data.
        case data(header: Int, size: Int)
        /// The last chunk with its trailers, in all so many bytes.
        case last(Int)
    }

    /// As many whole chunks as there are, as one slice.
    private mutating func nextChunks(_ payload: (UnsafeRawBufferPointer) -> Void) throws(FramingError) -> Piece? {
        var taken = 0
        let available = pending.readableBytes
        if case .inChunk(let left) = state {
            taken = try rest(of: left, payload)
            guard case .chunks = state else { return slice(taken) }
        }
        while taken < available {
            switch try chunk(at: taken) {
            case .needsMore: return slice(taken)
            case .last(let count):
                // The last chunk goes alone, after the bytes before it.
                if taken > 0 { return slice(taken) }
                return finished(pending.readSlice(length: count))
            case .data(let header, let size):
                let end = taken + header + size
                if end + 2 <= available {
                    try pass(from: taken + header, count: size, payload)
                    guard byte(end) == 0x0D, byte(end + 1) == 0x0A else { throw .badChunk }
                    taken = end + 2
                } else if size > Self.largestHeldChunk {
                    let part = min(size, available - taken - header)
                    try pass(from: taken + header, count: part, payload)
                    state = .inChunk(size - part)
                    return slice(taken + header + part)
                } else {
                    return slice(taken)
                }
            }
        }
        return slice(taken)
    }

    /// Lets more of a large chunk through; `.chunks` again when it is over with its line end.
    private mutating func rest(of left: Int, _ payload: (UnsafeRawBufferPointer) -> Void) throws(FramingError) -> Int {
        let part = min(left, pending.readableBytes)
        try pass(from: 0, count: part, payload)
        state = .inChunk(left - part)
        guard part == left, pending.readableBytes >= part + 2 else { return part }
        guard byte(part) == 0x0D, byte(part + 1) == 0x0A else { throw .badChunk }
        state = .chunks
        return part + 2
    }

    private mutating func slice(_ count: Int) -> Piece? {
        guard count > 0, let bytes = pending.readSlice(length: count) else { return nil }
        return .body(bytes)
    }

    private func byte(_ offset: Int) -> UInt8? { pending.getInteger(at: pending.readerIndex + offset) }

    private func pass(from offset: Int, count: Int, _ payload: (UnsafeRawBufferPointer) -> Void) throws(FramingError) {
        pending.withUnsafeReadableBytes { raw in payload(UnsafeRawBufferPointer(rebasing: raw[offset..<offset + count])) }
    }

    private func chunk(at start: Int) throws(FramingError) -> Chunk {
        var size = 0
        var at = start
        var digits = 0
        while let byte = byte(at), let digit = JSONWalker.hexValue(byte) {
            size = size << 4 | Int(digit)
            digits += 1
            guard digits <= 12 else { throw .badChunk }
            at += 1
        }
        guard let after = byte(at) else { return .needsMore }
        guard digits > 0, after == 0x0D || after == UInt8(ascii: ";") || after == 0x20 || after == 0x09 else { throw .badChunk }
        while let byte = byte(at), byte != 0x0D {
            guard byte != 0x0A, at - start < 1024 else { throw .badChunk }
            at += 1
        }
        guard let lineFeed = byte(at + 1) else { return .needsMore }
        guard lineFeed == 0x0A else { throw .badChunk }
        at += 2
        if size > 0 { return .data(header: at - start, size: size) }
        return try trailers(from: at, start: start)
    }

    private func trailers(from first: Int, start: Int) throws(FramingError) -> Chunk {
        var at = first
        var lineStart = first
        while let here = byte(at), let next = byte(at + 1) {
            guard at - first <= Self.maximumTrailers else { throw .badChunk }
            if here == 0x0D, next == 0x0A {
                if at == lineStart { return .last(at + 2 - start) }
                at += 2
                lineStart = at
            } else {
                at += 1
            }
        }
        return .needsMore
    }
}
