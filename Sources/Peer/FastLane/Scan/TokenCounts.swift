internal import NIOCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

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

    /// Reads the last occurrence of each, in one pass.
    init(tail: ByteBuffer) {
        var numbers: (promptEval: Int?, prompt: Int?, input: Int?, eval: Int?, completion: Int?, output: Int?)
        var words: (done: String?, finish: String?, stop: String?)
        tail.withUnsafeReadableBytes { raw in
            let bytes = raw.bindMemory(to: UInt8.self)
            // The shortest key is "eval_count" with its quotes.
            guard let base = bytes.baseAddress, bytes.count > 12 else { return }
            let end = bytes.count - 12
            var next = 0
            while next < end, let found = memchr(base + next, Int32(UInt8(ascii: "\"")), end - next) {
                let at = UnsafeRawPointer(base).distance(to: found)
                next = at + 1
                switch bytes[at + 1] {
                case UInt8(ascii: "p"):
                    Self.number("prompt_eval_count", at, bytes, &numbers.promptEval)
                    Self.number("prompt_tokens", at, bytes, &numbers.prompt)
                case UInt8(ascii: "i"): Self.number("input_tokens", at, bytes, &numbers.input)
                case UInt8(ascii: "e"): Self.number("eval_count", at, bytes, &numbers.eval)
                case UInt8(ascii: "c"): Self.number("completion_tokens", at, bytes, &numbers.completion)
                case UInt8(ascii: "o"): Self.number("output_tokens", at, bytes, &numbers.output)
                case UInt8(ascii: "d"): Self.word("done_reason", at, bytes, &words.done)
                case UInt8(ascii: "f"): Self.word("finish_reason", at, bytes, &words.finish)
                case UInt8(ascii: "s"): Self.word("stop_reason", at, bytes, &words.stop)
                default: break
                }
            }
        }
        prompt = numbers.promptEval ?? numbers.prompt ?? numbers.input
        completion = numbers.eval ?? numbers.completion ?? numbers.output
        finishReason = words.done ?? words.finish ?? words.stop
    }

    private static func number(_ key: StaticString, _ quote: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ found: inout Int?) {
        guard var at = value(of: key, quote, bytes) else { return }
        let from = at
        var number = 0
        while at < bytes.count, bytes[at] >= 48, bytes[at] <= 57, at - from < 15 {
            number = number * 10 + Int(bytes[at] - 48)
            at += 1
        }
        found = at > from ? number : nil
    }

    /// The last one that is a string: OpenAI's usage chunk comes after the one with the reason.
    private static func word(_ key: StaticString, _ quote: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ found: inout String?) {
        guard let at = value(of: key, quote, bytes), at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { return }
        let rest = bytes[(at + 1)..<min(bytes.count, at + 65)]
        guard let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { return }
        found = String(decoding: bytes[(at + 1)..<end], as: UTF8.self)
    }

    /// Where the value of `key` begins, behind the colon and spaces, if that key stands behind the quote at `quote`.
    private static func value(of key: StaticString, _ quote: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        let count = key.utf8CodeUnitCount
        guard quote + count + 2 < bytes.count, bytes[quote + 1 + count] == UInt8(ascii: "\"") else { return nil }
        for offset in 0..<count where bytes[quote + 1 + offset] != key.utf8Start[offset] { return nil }
        var at = quote + count + 2
        while at < bytes.count, bytes[at] == UInt8(ascii: ":") || bytes[at] == 0x20 { at += 1 }
        return at
    }
}
