/// Reads one HTTP/1.1 answer after the other and finds out where each ends.
struct AnswerReader {
    private enum State {
        /// → length, size, done
        case head
        /// So many bytes are left. → done
        case length(Int)
        /// A chunk's size line, read so far. → data, trailer
        case size(Int)
        /// → dataEnd
        case data(Int)
        /// The line end behind a chunk: so many bytes are left. → size
        case dataEnd(Int)
        /// The empty line behind the last chunk. → done
        case trailer(Int)
        /// → head, by `reset`
        case done
    }

    private var state = State.head
    private var pending: [UInt8] = []
    /// 0 before the head is whole.
    private(set) var status = 0
    /// Bytes of the body, without framing.
    private(set) var bodyBytes = 0
    /// The other side closes after this answer.
    private(set) var closes = false
    var lines = ChunkLines()

    /// The answer is whole.
    var isDone: Bool { if case .done = state { true } else { false } }

    /// For the next answer.
    mutating func reset() {
        state = .head
        pending.removeAll(keepingCapacity: true)
        (status, bodyBytes, closes) = (0, 0, false)
        lines.reset()
    }

    /// Takes what was received.
    mutating func feed(_ bytes: UnsafeRawBufferPointer) throws(BenchProblem) {
        guard case .head = state else { return try body(bytes) }
        if pending.isEmpty {
            if let end = try head(bytes) { return try body(Bytes.part(bytes, end)) }
            pending.append(contentsOf: bytes)
            return
        }
        pending.append(contentsOf: bytes)
        let all = pending
        let outcome: Result<Void, BenchProblem> = all.withUnsafeBytes { raw in
            do throws(BenchProblem) {
                guard let end = try head(raw) else { return .success(()) }
                pending.removeAll(keepingCapacity: true)
                try body(Bytes.part(raw, end))
                return .success(())
            } catch { return .failure(error) }
        }
        try outcome.get()
    }

    /// Reads the head; returns its length, nil when more of it has to come.
    private mutating func head(_ bytes: UnsafeRawBufferPointer) throws(BenchProblem) -> Int? {
        guard let end = Bytes.offset(of: "\r\n\r\n", in: bytes) else {
            guard bytes.count < 1 << 16 else { throw .words("an answer's head without an end") }
            return nil
        }
        guard Bytes.starts(bytes, with: "HTTP/1.1 "), let code = Bytes.number(bytes, from: 9) else {
            throw .words("what came is not HTTP/1.1")
        }
        guard code >= 200 else { throw .words("an interim answer \(code)") }
        status = code
        var length: Int?
        var isChunked = false
        var line = Bytes.offset(of: 0x0A, in: bytes).map { $0 + 1 } ?? end
        while line < end {
            let rest = Bytes.part(bytes, line, end + 2)
            switch bytes[line] | 0x20 {
            case UInt8(ascii: "c"):
                if Bytes.startsHeader(rest, "content-length") {
                    length = Bytes.number(rest, from: 15)
                } else if Bytes.startsHeader(rest, "connection") {
                    closes = Bytes.starts(Bytes.part(rest, 11), with: " close")
                }
            case UInt8(ascii: "t"): isChunked = isChunked || Bytes.startsHeader(rest, "transfer-encoding")
            default: break
            }
            line = (Bytes.offset(of: 0x0A, in: bytes, from: line) ?? end) + 1
        }
        if isChunked {
            state = .size(0)
        } else if let length {
            state = length == 0 ? .done : .length(length)
        } else {
            throw .words("an answer whose end nothing marks")
        }
        return end + 4
    }

    private mutating func body(_ bytes: UnsafeRawBufferPointer) throws(BenchProblem) {
        var at = 0
        while at < bytes.count {
            switch state {
            case .length(let left):
                let part = min(left, bytes.count - at)
                bodyBytes += part
                at += part
                state = part == left ? .done : .length(left - part)
            case .data(let left):
                let part = min(left, bytes.count - at)
                bodyBytes += part
                lines.feed(Bytes.part(bytes, at, at + part))
                at += part
                state = part == left ? .dataEnd(2) : .data(left - part)
            case .dataEnd(let left):
                let part = min(left, bytes.count - at)
                at += part
                state = part == left ? .size(0) : .dataEnd(left - part)
            case .size(let value):
                state = try size(value, with: bytes[at])
                at += 1
            case .trailer(let left):
                at += 1
                state = left == 1 ? .done : .trailer(left - 1)
            case .done, .head: throw .words("bytes behind the end of an answer")
            }
        }
    }

    /// One more byte of a size line.
    private func size(_ value: Int, with byte: UInt8) throws(BenchProblem) -> State {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return .size(value << 4 | Int(byte - 48))
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
            return .size(value << 4 | Int((byte | 0x20) - 87))
        case 0x0D: return .size(value)
        case 0x0A: return value == 0 ? .trailer(2) : .data(value)
        default: throw .words("a chunk's size line cannot be read")
        }
    }
}
