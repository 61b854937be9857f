/// Why a body is not what it should be, in the words of the parser that Ollama uses, so that clients see what they know.
struct ScanError: Error, Equatable {
    /// The text.
    var message: String

    init(_ message: String) { self.message = message }

    /// The body ends within a value.
    static let truncated = ScanError("unexpected EOF")
    /// Nested deeper than the scanner follows.
    static let tooDeep = ScanError("exceeded max depth")

    /// `byte` cannot stand there.
    static func invalid(_ byte: UInt8, _ place: String) -> ScanError {
        ScanError("invalid character \(quoted(byte)) \(place)")
    }

    private static func quoted(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "'"): return "'\\''"
        case UInt8(ascii: "\\"): return "'\\\\'"
        case 0x07: return "'\\a'"
        case 0x08: return "'\\b'"
        case 0x09: return "'\\t'"
        case 0x0A: return "'\\n'"
        case 0x0B: return "'\\v'"
        case 0x0C: return "'\\f'"
        case 0x0D: return "'\\r'"
        case 0..<0x20, 0x7F:
            let hex = String(byte, radix: 16)
            return "'\\x\(hex.utf8.count < 2 ? "0" : "")\(hex)'"
        default: return "'\(Character(Unicode.Scalar(byte)))'"
        }
    }
}
