internal import NIOCore

/// Token counts and the finish reason out of the last bytes of an answer, found by byte search: the tail may begin within an
/// object.
struct TokenCounts: Equatable {
    /// `prompt_eval_count`, `usage.prompt_tokens` or `usage.input_tokens`.
    var prompt: Int?
    /// `eval_count`, `usage.completion_tokens` or `usage.output_tokens`.
    var completion: Int?
    /// `done_reason`, `finish_reason` or `stop_reason`.
    var finishReason: String?

    /// Nothing counted.
    init() {}

    /// Reads the last occurrence of each.
    init(tail: ByteBuffer) {
        tail.withUnsafeReadableBytes { raw in
            let bytes = raw.bindMemory(to: UInt8.self)
            prompt =
                Self.number("\"prompt_eval_count\"", bytes) ?? Self.number("\"prompt_tokens\"", bytes)
                ?? Self.number("\"input_tokens\"", bytes)
            completion =
                Self.number("\"eval_count\"", bytes) ?? Self.number("\"completion_tokens\"", bytes)
                ?? Self.number("\"output_tokens\"", bytes)
            finishReason =
                Self.word("\"done_reason\"", bytes) ?? Self.word("\"finish_reason\"", bytes)
                ?? Self.word("\"stop_reason\"", bytes)
        }
    }

    private static func number(_ key: StaticString, _ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard var at = value(of: key, bytes) else { return nil }
        let from = at
        var number = 0
        while at < bytes.count, bytes[at] >= 48, bytes[at] <= 57, at - from < 15 {
            number = number * 10 + Int(bytes[at] - 48)
            at += 1
        }
        return at > from ? number : nil
    }

    private static func word(_ key: StaticString, _ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        var limit = bytes.count
        // The last one that is a string: OpenAI's usage chunk comes after the one with the reason.
        while let at = value(of: key, UnsafeBufferPointer(rebasing: bytes[..<limit])) {
            if at < limit, bytes[at] == UInt8(ascii: "\"") {
                let rest = bytes[(at + 1)..<min(bytes.count, at + 65)]
                return rest.firstIndex(of: UInt8(ascii: "\"")).map { String(decoding: bytes[(at + 1)..<$0], as: UTF8.self) }
            }
            limit = at - 1
        }
        return nil
    }

    /// Where the value of the last `key` begins: behind the colon and spaces.
    private static func value(of key: StaticString, _ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        let count = key.utf8CodeUnitCount
        guard bytes.count > count else { return nil }
        var from = bytes.count - count
        while from >= 0 {
            var matched = 0
            while matched < count, bytes[from + matched] == key.utf8Start[matched] { matched += 1 }
            if matched == count {
                var at = from + count
                while at < bytes.count, bytes[at] == UInt8(ascii: ":") || bytes[at] == 0x20 { at += 1 }
                return at
            }
            from -= 1
        }
        return nil
    }
}
