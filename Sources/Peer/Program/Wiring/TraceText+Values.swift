import Store

extension TraceText {
    /// A number of JSON, which has none that is infinite or no number: they become 0.
    ///
    /// Six digits after the point, a thousandth of the smallest difference that decides a ranking. What six digits
    /// cannot say (very small, very large) is written in full.
    static func number(_ value: Double, _ bytes: inout RowBytes) {
        guard value.isFinite else { return bytes.append(UInt8(ascii: "0")) }
        let size = value.magnitude
        if size < 1e15, value == value.rounded(.towardZero) { return integer(Int64(value), &bytes) }
        guard size >= 0.001, size < 1e9 else { return bytes.append(value.description) }
        let millionths = UInt64((size * 1e6).rounded())
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        digits(millionths / 1_000_000, &bytes)
        var fraction = UInt32(truncatingIfNeeded: millionths % 1_000_000)
        guard fraction > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        bytes.unsafeAppend(upTo: 6) { target in
            var length = 6
            while fraction % 10 == 0 {
                fraction /= 10
                length -= 1
            }
            for place in stride(from: length - 1, through: 0, by: -1) {
                target[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: fraction % 10)
                fraction /= 10
            }
            return length
        }
    }

    /// A whole number.
    static func integer(_ value: Int64, _ bytes: inout RowBytes) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        digits(value.magnitude, &bytes)
    }

    /// A whole number without a sign.
    static func digits(_ value: UInt64, _ bytes: inout RowBytes) {
        guard value > 9 else { return bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value)) }
        bytes.unsafeAppend(upTo: 20) { target in
            var length = 0
            var rest = value
            while rest > 0 {
                rest /= 10
                length += 1
            }
            rest = value
            for place in stride(from: length - 1, through: 0, by: -1) {
                target[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            return length
        }
    }

    /// A text in quotes, escaped where it must be.
    static func string(_ text: String, _ bytes: inout RowBytes) {
        bytes.append(UInt8(ascii: "\""))
        let start = bytes.count
        bytes.append(text)
        let isPlain = bytes.withBytes { all in
            all[start...].allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        }
        if !isPlain {
            bytes.cut(to: start)
            for byte in text.utf8 { escape(byte, &bytes) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// The digit of a value below 16.
    static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }

    private static func escape(_ byte: UInt8, _ bytes: inout RowBytes) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0..<0x20:
            bytes.append(byte < 16 ? "\\u000" as StaticString : "\\u001")
            bytes.append(hexDigit(byte & 15))
        default: bytes.append(byte)
        }
    }
}
