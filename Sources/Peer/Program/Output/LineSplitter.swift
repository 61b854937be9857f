/// Cuts a stream of bytes into lines.
struct LineSplitter {
    /// Longer lines are cut: nobody who speaks Ollama's dialect sends one.
    static let longest = 1 << 20

    private var rest: [UInt8] = []

    /// The lines that are whole now, without their ends; empty ones left out.
    mutating func take(_ chunk: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for part in chunk.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if part.offset > 0, !rest.isEmpty {
                lines.append(rest)
                rest = []
            }
            rest += part.element.prefix(max(0, Self.longest - rest.count))
        }
        return lines
    }

    /// What came after the last line's end.
    var remainder: [UInt8]? { rest.isEmpty ? nil : rest }
}
