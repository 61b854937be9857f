extension TraceText {
    /// A number of JSON, which has none that is infinite or no number: they become 0.
    ///
    /// Six digits after the point, a thousandth of the smallest difference that decides a ranking. What six digits
    /// cannot say (very small, very large) is written in full.
    static func number(_ value: Double, _ bytes: inout [UInt8]) {
        guard value.isFinite else { return bytes.append(UInt8(ascii: "0")) }
        let size = value.magnitude
        if size < 1e15, value == value.rounded(.towardZero) { return integer(Int64(value), &bytes) }
        guard size >= 0.001, size < 1e9 else { return bytes.append(contentsOf: value.description.utf8) }
        let millionths = UInt64((size * 1e6).rounded())
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        digits(millionths / 1_000_000, &bytes)
        var fraction = millionths % 1_000_000
        guard fraction > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        var place: UInt64 = 100_000
        while fraction > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: fraction / place))
            fraction %= place
            place /= 10
        }
    }

    /// A whole number.
    static func integer(_ value: Int64, _ bytes: inout [UInt8]) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        digits(value.magnitude, &bytes)
    }

    /// A whole number without a sign.
    static func digits(_ value: UInt64, _ bytes: inout [UInt8]) {
        guard value > 9 else { return bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value)) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = value
            var at = digits.count
            while rest > 0 {
                at -= 1
                digits[at] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[at...]))
        }
    }

    /// A text in quotes, escaped where it must be.
    static func string(_ text: String, _ bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        if bytes[start...].contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
            bytes.removeSubrange(start...)
            for byte in text.utf8 { escape(byte, &bytes) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// What stands between the values; ASCII.
    static func raw(_ text: StaticString, _ bytes: inout [UInt8]) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private static func escape(_ byte: UInt8, _ bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0..<0x20:
            raw(byte < 16 ? "\\u000" : "\\u001", &bytes)
            let low = byte & 15
            bytes.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") - 10 + low)
        default: bytes.append(byte)
        }
    }
}
