/// Puts the lines of a stream together and reads the time of sending out of each.
struct ChunkLines {
    /// Digits of the time in `{"sent":"…`.
    static let stampDigits = 19
    private static let prefix: StaticString = #"{"sent":""#

    /// Times of sending of the lines that `feed` found, nanoseconds by `Clock`; whoever reads them empties it.
    var stamps: [Int64] = []
    /// Lines of this answer.
    private(set) var count = 0
    /// The line with the end of the answer was seen.
    private(set) var sawEnd = false
    /// A line that the stand-in never sent.
    private(set) var sawForeign = false
    private var rest: [UInt8] = []

    /// For the next answer.
    mutating func reset() {
        (count, sawEnd, sawForeign) = (0, false, false)
        rest.removeAll(keepingCapacity: true)
        stamps.removeAll(keepingCapacity: true)
    }

    /// Takes the next bytes of the body.
    mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        var start = 0
        while let end = Bytes.offset(of: 0x0A, in: bytes, from: start) {
            if rest.isEmpty {
                line(Bytes.part(bytes, start, end))
            } else {
                rest.append(contentsOf: Bytes.part(bytes, start, end))
                let whole = rest
                whole.withUnsafeBytes { line($0) }
                rest.removeAll(keepingCapacity: true)
            }
            start = end + 1
        }
        if start < bytes.count { rest.append(contentsOf: Bytes.part(bytes, start)) }
    }

    private mutating func line(_ bytes: UnsafeRawBufferPointer) {
        count += 1
        let start = Self.prefix.utf8CodeUnitCount
        guard Bytes.starts(bytes, with: Self.prefix), bytes.count > start + Self.stampDigits else {
            sawForeign = true
            return
        }
        var stamp: Int64 = 0
        for at in start..<start + Self.stampDigits { stamp = stamp &* 10 &+ Int64(bytes[at]) &- 48 }
        stamps.append(stamp)
        // The last line alone is longer than the others, and only there is it worth a search.
        if bytes.count >= EngineAnswers.lineSize { sawEnd = sawEnd || Bytes.offset(of: #""done":true"#, in: bytes) != nil }
    }
}
