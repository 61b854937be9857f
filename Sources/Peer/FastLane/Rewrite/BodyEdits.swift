internal import NIOCore

/// Places of a body where an engine gets other bytes than the client sent. All the others are sent as they are, not copied.
struct BodyEdits {
    private struct Edit {
        var range: Range<Int>
        var bytes: ByteBuffer
    }

    /// By place; they never overlap.
    private var edits: [Edit] = []

    /// The body stays as it is.
    var isEmpty: Bool { edits.isEmpty }

    /// Puts `text` into the place of `range`, which may be empty. What would overlap another edit is left out.
    mutating func replace(_ range: Range<Int>, with text: String) { replace(range, with: ByteBuffer(string: text)) }

    /// The same with bytes.
    mutating func replace(_ range: Range<Int>, with bytes: ByteBuffer) {
        // Of two at one place the first stays the first, and what is put in comes before what is taken out there.
        let at = edits.firstIndex { $0.range.lowerBound >= range.upperBound && !($0.range.isEmpty && range.isEmpty) }
        let before = at.map { edits[..<$0].last } ?? edits.last
        if let before, before.range.upperBound > range.lowerBound { return }
        edits.insert(Edit(range: range, bytes: bytes), at: at ?? edits.endIndex)
    }

    /// Takes `ranges` out.
    mutating func remove(_ ranges: [Range<Int>]) {
        for range in ranges { replace(range, with: ByteBuffer()) }
    }

    /// The bytes to send, in order.
    func parts(of body: ByteBuffer) -> [ByteBuffer] {
        guard !edits.isEmpty else { return [body] }
        var parts: [ByteBuffer] = []
        parts.reserveCapacity(2 * edits.count + 1)
        var from = 0
        func keep(upTo end: Int) {
            if end > from, let slice = body.getSlice(at: body.readerIndex + from, length: end - from) { parts.append(slice) }
        }
        for edit in edits where edit.range.upperBound <= body.readableBytes {
            keep(upTo: edit.range.lowerBound)
            if edit.bytes.readableBytes > 0 { parts.append(edit.bytes) }
            from = edit.range.upperBound
        }
        keep(upTo: body.readableBytes)
        return parts
    }

    /// The same as one run of bytes.
    func bytes(of body: ByteBuffer) -> [UInt8] {
        guard !edits.isEmpty else { return Array(body.readableBytesView) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(body.readableBytes + 64)
        for part in parts(of: body) { bytes += part.readableBytesView }
        return bytes
    }
}
