/// Finds `data: [DONE]` and error events among the lines that go by.
struct SSEWatch {
    private(set) var done = false
    private(set) var error = false

    private static let prefix = 32
    private var line: [UInt8] = []

    mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes {
            if byte == 0x0A {
                endOfLine()
                line.removeAll(keepingCapacity: true)
            } else if line.count < Self.prefix {
                line.append(byte)
            }
        }
    }

    private mutating func endOfLine() {
        guard line.count > 5 else { return }
        if starts(with: "data:", at: 0) {
            var at = 5
            while at < line.count, line[at] == 0x20 { at += 1 }
            if starts(with: "[DONE]", at: at) { done = true }
            if starts(with: "{\"error\"", at: at) { error = true }
        } else if starts(with: "error:", at: 0) || starts(with: "event: error", at: 0) {
            error = true
        }
    }

    private func starts(with word: StaticString, at start: Int) -> Bool {
        guard line.count >= start + word.utf8CodeUnitCount else { return false }
        for offset in 0..<word.utf8CodeUnitCount where line[start + offset] != word.utf8Start[offset] { return false }
        return true
    }
}
