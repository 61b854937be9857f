/// Reads server-sent events (WHATWG HTML §9.2): what `data` lines of one event say, joined by LF.
struct SSEReader: Sendable {
    private var lines: LineCutter
    private var data: [UInt8] = []
    private var hasData = false
    private var isFirst = true
    private let limit: Int

    /// - Parameter limit: the longest event in bytes.
    init(limit: Int) {
        self.limit = limit
        lines = LineCutter(limit: limit)
    }

    /// Adds what came.
    mutating func append(_ bytes: [UInt8]) { lines.append(bytes) }

    /// The data of the next event; nil when more bytes are needed.
    mutating func next() throws(TranslationError) -> [UInt8]? {
        while let line = try lines.next() {
            if line.isEmpty {
                if let event = takeEvent() { return event }
            } else {
                try take(line)
            }
        }
        return nil
    }

    /// The data of an event whose empty line never came; the stream is over.
    mutating func rest() throws(TranslationError) -> [UInt8]? {
        let line = lines.rest()
        if !line.isEmpty { try take(line) }
        return takeEvent()
    }

    private mutating func takeEvent() -> [UInt8]? {
        guard hasData else { return nil }
        let event = data
        data = []
        hasData = false
        return event
    }

    private mutating func take(_ whole: ArraySlice<UInt8>) throws(TranslationError) {
        var line = whole
        if isFirst {
            isFirst = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        }
        // Older servers of llama.cpp write a line `error: {…}` where others write data.
        guard let value = Self.value(of: "data", line) ?? Self.value(of: "error", line) else { return }
        if hasData { data.append(0x0A) }
        guard data.count + value.count <= limit else { throw .tooLarge("the engine sent an event of more than \(limit) bytes") }
        data += value
        hasData = true
    }

    /// What stands behind `name:` and one space; nil for other fields and comments.
    private static func value(of name: StaticString, _ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let count = name.utf8CodeUnitCount
        guard line.count >= count, line.prefix(count).elementsEqual(UnsafeBufferPointer(start: name.utf8Start, count: count))
        else { return nil }
        var rest = line.dropFirst(count)
        if rest.isEmpty { return rest }
        guard rest.first == UInt8(ascii: ":") else { return nil }
        rest = rest.dropFirst()
        return rest.first == 0x20 ? rest.dropFirst() : rest
    }
}
