import CPoll
import Glibc

/// Searches in bytes that were received.
enum Bytes {
    /// Where `word` begins; nil where it does not occur.
    static func offset(of word: StaticString, in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        let found = bench_find(base, bytes.count, word.utf8Start, word.utf8CodeUnitCount)
        return found < 0 ? nil : found
    }

    /// Where `byte` occurs first, from `start` on.
    static func offset(of byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int = 0) -> Int? {
        guard let base = bytes.baseAddress, start < bytes.count else { return nil }
        guard let found = memchr(base + start, Int32(byte), bytes.count - start) else { return nil }
        return UnsafeRawPointer(found) - base
    }

    /// The bytes begin with `word`.
    static func starts(_ bytes: UnsafeRawBufferPointer, with word: StaticString) -> Bool {
        guard let base = bytes.baseAddress, bytes.count >= word.utf8CodeUnitCount else { return false }
        return memcmp(base, word.utf8Start, word.utf8CodeUnitCount) == 0
    }

    /// The bytes begin with the header name `word` (lower case) and its colon, in any case.
    static func startsHeader(_ bytes: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard bytes.count > count, bytes[count] == UInt8(ascii: ":") else { return false }
        for at in 0..<count where bytes[at] | 0x20 != word.utf8Start[at] && bytes[at] != word.utf8Start[at] { return false }
        return true
    }

    /// The decimal number at the beginning, after spaces; nil where there is none.
    static func number(_ bytes: UnsafeRawBufferPointer, from start: Int = 0) -> Int? {
        var at = start
        while at < bytes.count, bytes[at] == 0x20 { at += 1 }
        var value: Int?
        while at < bytes.count, case let digit = Int(bytes[at]) - 48, (0...9).contains(digit) {
            guard value ?? 0 < Int.max / 20 else { return nil }
            value = (value ?? 0) * 10 + digit
            at += 1
        }
        return value
    }

    /// `bytes` from `start` to `end`, the end by default.
    static func part(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int? = nil) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[start..<(end ?? bytes.count)])
    }
}
