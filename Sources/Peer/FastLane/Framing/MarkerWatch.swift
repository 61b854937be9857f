internal import NIOCore

/// Watches an answer's payload go by: was the terminal marker seen, was it an error, how does it end.
///
/// Success is the marker, never a clean end of file (api-contracts §2.2). Works on any cut of the bytes.
struct MarkerWatch {
    /// `done:true` at the top of an NDJSON object, or `data: [DONE]`.
    private(set) var sawTerminal = false
    /// The engine told of an error inside the stream itself.
    private(set) var sawError = false
    private var atLineStart = true
    /// The last bytes, 1 to 2 KiB of them once so many came: every open stream keeps these.
    private(set) var tail = ByteBuffer()

    static let tailBytes = 1 << 10
    private let kind: ContentKind
    private var lines = NDJSONWatch()
    private var events: SSEWatch

    init(kind: ContentKind, last: SSEWatch.LastEvent = .done) {
        self.kind = kind
        events = SSEWatch(last: last)
    }

    /// The answer said that it is over, as its kind does.
    var isComplete: Bool { kind == .whole || sawTerminal }

    /// The last bytes ended an event, or nothing came yet: a new one may begin.
    var atEventStart: Bool {
        switch kind {
        case .sse: tail.readableBytes == 0 || tail.withUnsafeReadableBytes { $0.suffix(2).elementsEqual([0x0A, 0x0A]) }
        default: atLineStart
        }
    }

    /// Takes the next payload bytes.
    mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        guard let last = bytes.last else { return }
        atLineStart = last == 0x0A
        keep(bytes)
        switch kind {
        case .ndjson:
            lines.feed(bytes)
            sawTerminal = lines.done
            sawError = lines.error
        case .sse:
            events.feed(bytes)
            sawTerminal = events.done
            sawError = events.error
        case .whole: break
        }
    }

    private mutating func keep(_ bytes: UnsafeRawBufferPointer) {
        if bytes.count >= Self.tailBytes {
            tail.clear()
            tail.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[(bytes.count - Self.tailBytes)...]))
            return
        }
        if tail.readableBytes + bytes.count > 2 * Self.tailBytes {
            tail.moveReaderIndex(to: tail.writerIndex - Self.tailBytes)
            tail.discardReadBytes()
        }
        tail.writeBytes(bytes)
    }
}
