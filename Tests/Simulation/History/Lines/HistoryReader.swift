public import FoundationEssentials

/// Reads histories. A process that was killed may leave a torn line, also in the middle of a file that its next life went on with:
/// such lines are counted, and what can be read of them is.
public struct HistoryReader: Sendable {
    /// All lines, in the order of the files.
    public private(set) var lines: [HistoryLine] = []
    /// Lines that could not be read, with their places.
    public private(set) var damaged: [String] = []

    /// No lines yet.
    public init() {}

    /// Reads a file.
    public mutating func read(path: String) throws {
        add(try Data(contentsOf: URL(filePath: path)), named: path)
    }

    /// Reads the bytes of a file.
    public mutating func add(_ data: Data, named file: String) {
        let decoder = JSONDecoder()
        for (place, bytes) in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            guard !bytes.isEmpty else { continue }
            if var line = Self.decode(bytes, decoder) {
                line.file = file
                line.number = place + 1
                lines.append(line)
            }
            if (try? decoder.decode(HistoryLine.self, from: bytes)) == nil { damaged.append("\(file):\(place + 1)") }
        }
    }

    /// The line, or the whole line behind a torn one: a new life appends where the last one broke off.
    private static func decode(_ bytes: Data, _ decoder: JSONDecoder) -> HistoryLine? {
        if let line = try? decoder.decode(HistoryLine.self, from: bytes) { return line }
        guard let start = bytes.lastIndex(of: UInt8(ascii: "{")), start > bytes.startIndex else { return nil }
        return try? decoder.decode(HistoryLine.self, from: bytes[start...])
    }
}
