extension JSONWalker {
    /// Skips a string, the index at its opening quote.
    mutating func string() throws(ScanError) -> Text {
        index += 1
        var text = Text(start: index, end: index, escaped: false)
        while index < bytes.count {
            skipPlain()
            guard index < bytes.count else { break }
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                text.end = index
                index += 1
                return text
            }
            if byte == UInt8(ascii: "\\") {
                text.escaped = true
                try escape()
            } else if byte < 0x20 {
                throw .invalid(byte, "in string literal")
            } else {
                index += 1
            }
        }
        throw .truncated
    }

    /// Skips bytes that need no look, eight at a time: prompts are most of a body. Stops at the first quote, backslash or control
    /// character, or where fewer than eight bytes are left.
    private mutating func skipPlain() {
        guard let start = bytes.baseAddress else { return }
        let base = UnsafeRawPointer(start)
        let last = bytes.count - 8
        // Kept here, not in `self`: the loop then touches nothing but the text.
        var at = index
        while at <= last {
            let stops = Self.stops(UInt64(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt64.self)))
            if stops != 0 {
                at &+= stops.trailingZeroBitCount >> 3
                break
            }
            at &+= 8
        }
        index = at
    }

    /// The high bits of bytes that are a quote, a backslash or a control character; above the first one others may be set, too. A
    /// byte is zero where subtracting one borrows (Mycroft's test); it is below 0x20 where subtracting that does.
    @inline(__always)
    private static func stops(_ next: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quote = next ^ (ones &* 0x22)
        let backslash = next ^ (ones &* 0x5C)
        let found = ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((next &- (ones &* 0x20)) & ~next)
        return found & (ones &* 0x80)
    }

    private mutating func escape() throws(ScanError) {
        index += 1
        guard index < bytes.count else { throw .truncated }
        switch bytes[index] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            index += 1
        case UInt8(ascii: "u"):
            index += 1
            for _ in 0..<4 {
                guard index < bytes.count else { throw .truncated }
                guard Self.hexValue(bytes[index]) != nil else {
                    throw .invalid(bytes[index], "in \\u hexadecimal character escape")
                }
                index += 1
            }
        default: throw .invalid(bytes[index], "in string escape code")
        }
    }

    /// Skips a number, the index at its first byte.
    mutating func number() throws(ScanError) {
        if bytes[index] == UInt8(ascii: "-") {
            index += 1
            try digit("in numeric literal")
        } else {
            index += 1
        }
        if bytes[index - 1] != UInt8(ascii: "0") { skipDigits() }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            try digit("after decimal point in numeric literal")
            skipDigits()
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") { index += 1 }
            try digit("in exponent of numeric literal")
            skipDigits()
        }
    }

    private mutating func digit(_ place: String) throws(ScanError) {
        guard index < bytes.count else { throw .truncated }
        guard bytes[index] >= 48, bytes[index] <= 57 else { throw .invalid(bytes[index], place) }
        index += 1
    }

    private mutating func skipDigits() {
        while index < bytes.count, bytes[index] >= 48, bytes[index] <= 57 { index += 1 }
    }

    /// Skips `true`, `false` or `null`.
    mutating func literal(_ word: StaticString) throws(ScanError) {
        for offset in 0..<word.utf8CodeUnitCount {
            guard index < bytes.count else { throw .truncated }
            let expected = word.utf8Start[offset]
            guard bytes[index] == expected else {
                throw .invalid(bytes[index], "in literal \(word) (expecting '\(Character(Unicode.Scalar(expected)))')")
            }
            index += 1
        }
    }

    /// A string's content.
    func decoded(_ text: Text) -> String {
        let raw = UnsafeBufferPointer(rebasing: bytes[text.start..<text.end])
        guard text.escaped else { return String(decoding: raw, as: UTF8.self) }
        var units: [UInt8] = []
        units.reserveCapacity(text.count)
        var at = 0
        while at < raw.count {
            guard raw[at] == UInt8(ascii: "\\"), at + 1 < raw.count else {
                units.append(raw[at])
                at += 1
                continue
            }
            let kind = raw[at + 1]
            at += 2
            if kind == UInt8(ascii: "u") {
                Self.appendScalar(raw, &at, to: &units)
            } else {
                units.append(Self.unescaped(kind))
            }
        }
        return String(decoding: units, as: UTF8.self)
    }

    /// The text is `word`, escapes resolved.
    func text(_ text: Text, is word: StaticString) -> Bool {
        if text.escaped { return decoded(text) == "\(word)" }
        guard text.count == word.utf8CodeUnitCount else { return false }
        for offset in 0..<text.count where bytes[text.start + offset] != word.utf8Start[offset] { return false }
        return true
    }

    /// Four hex digits at `at`, and a second escape when they are the first half of a pair; a lone half becomes U+FFFD.
    private static func appendScalar(_ raw: UnsafeBufferPointer<UInt8>, _ at: inout Int, to units: inout [UInt8]) {
        let first = hexWord(raw, at)
        at += 4
        var code = first
        if first & 0xFC00 == 0xD800, at + 6 <= raw.count, raw[at] == UInt8(ascii: "\\"), raw[at + 1] == UInt8(ascii: "u") {
            let second = hexWord(raw, at + 2)
            if second & 0xFC00 == 0xDC00 {
                code = 0x10000 + (first & 0x3FF) << 10 + (second & 0x3FF)
                at += 6
            }
        }
        units.append(contentsOf: String(Character(Unicode.Scalar(code) ?? "\u{FFFD}")).utf8)
    }

    private static func hexWord(_ raw: UnsafeBufferPointer<UInt8>, _ at: Int) -> UInt32 {
        guard at + 4 <= raw.count else { return 0xFFFD }
        return raw[at..<at + 4].reduce(0) { $0 << 4 | UInt32(hexValue($1) ?? 0) }
    }

    private static func unescaped(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: byte
        }
    }

    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
