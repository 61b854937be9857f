/// Finds the event that ends a whole answer, and error events, among the lines that go by.
struct SSEWatch {
    /// How an API says that its stream is whole (api-contracts §2).
    enum LastEvent {
        /// `data: [DONE]`: OpenAI's chat and completions.
        case done
        /// `event: message_stop`: Anthropic's messages.
        case message
        /// `event: response.completed`, `response.incomplete` or `response.failed`: OpenAI's responses.
        case response
    }

    private let last: LastEvent
    private(set) var done = false
    private(set) var error = false

    private static let prefix = 32
    private var line: [UInt8] = []

    init(last: LastEvent) { self.last = last }

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
            if last == .done, starts(with: "[DONE]", at: at) { done = true }
            if starts(with: "{\"error\"", at: at) { error = true }
        } else if starts(with: "event:", at: 0) {
            var at = 6
            while at < line.count, line[at] == 0x20 { at += 1 }
            named(at)
        } else if starts(with: "error:", at: 0) {
            error = true
        }
    }

    /// An event's name begins at `at`.
    private mutating func named(_ at: Int) {
        switch last {
        case .done: break
        case .message: if starts(with: "message_stop", at: at) { done = true }
        case .response:
            if starts(with: "response.completed", at: at) || starts(with: "response.incomplete", at: at) { done = true }
            if starts(with: "response.failed", at: at) { error = true }
        }
        if starts(with: "error", at: at) { error = true }
    }

    private func starts(with word: StaticString, at start: Int) -> Bool {
        guard line.count >= start + word.utf8CodeUnitCount else { return false }
        for offset in 0..<word.utf8CodeUnitCount where line[start + offset] != word.utf8Start[offset] { return false }
        return true
    }
}
