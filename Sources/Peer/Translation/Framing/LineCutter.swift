/// Cuts a stream into lines, whatever the pieces it comes in.
struct LineCutter: Sendable {
    private var pending: [UInt8] = []
    private var start = 0
    private var searched = 0
    private let limit: Int

    /// - Parameter limit: the longest line in bytes.
    init(limit: Int) { self.limit = limit }

    /// Adds what came.
    mutating func append(_ bytes: [UInt8]) {
        if start > 0 {
            pending.removeSubrange(..<start)
            searched -= start
            start = 0
        }
        pending += bytes
    }

    /// The next whole line without its end (LF or CR LF); nil when more bytes are needed.
    mutating func next() throws(TranslationError) -> ArraySlice<UInt8>? {
        guard let end = pending[searched...].firstIndex(of: 0x0A) else {
            searched = pending.count
            try check(pending.count - start)
            return nil
        }
        try check(end - start)
        let line = pending[start..<end]
        start = end + 1
        searched = start
        return line.last == 0x0D ? line.dropLast() : line
    }

    /// What stands behind the last line end; the stream is over.
    mutating func rest() -> ArraySlice<UInt8> {
        let line = pending[start...]
        start = pending.count
        searched = start
        return line.last == 0x0D ? line.dropLast() : line
    }

    private func check(_ count: Int) throws(TranslationError) {
        guard count <= limit else { throw .tooLarge("the engine sent a line of more than \(limit) bytes") }
    }
}
