internal import NIOCore
internal import Translation

/// Writes errors as each API family does: whole bodies before the first byte, events after it (api-contracts §1.4, §2.1).
enum ErrorWriter {
    /// The JSON of an error, without line end.
    static func json(_ message: String, status: Int, dialect: LaneDialect) -> ByteBuffer {
        var buffer = ByteBuffer()
        switch dialect {
        case .ollama:
            buffer.writeStaticString("{\"error\":")
            buffer.writeJSONString(message)
            buffer.writeStaticString("}")
        case .openai:
            buffer.writeStaticString("{\"error\":{\"message\":")
            buffer.writeJSONString(message)
            buffer.writeStaticString(",\"type\":\"")
            buffer.writeString(ErrorType.openai(status))
            buffer.writeStaticString("\",\"param\":null,\"code\":null}}")
        case .anthropic:
            buffer.writeStaticString("{\"type\":\"error\",\"error\":{\"type\":\"")
            buffer.writeString(ErrorType.anthropic(status))
            buffer.writeStaticString("\",\"message\":")
            buffer.writeJSONString(message)
            buffer.writeStaticString("},\"request_id\":\"req_")
            for _ in 0..<12 { buffer.writeHex(.random(in: 0...255)) }
            buffer.writeStaticString("\"}")
        }
        return buffer
    }

    /// An error as the last event of a stream that broke: an NDJSON line, or an SSE event without `[DONE]` after it.
    ///
    /// - Parameter atEventStart: what was relayed ended with a whole event.
    static func event(_ message: String, kind: ContentKind, dialect: LaneDialect, atEventStart: Bool) -> ByteBuffer {
        var buffer = ByteBuffer()
        if !atEventStart { buffer.writeStaticString("\n") }
        if kind == .sse {
            if !atEventStart { buffer.writeStaticString("\n") }
            if dialect == .anthropic { buffer.writeStaticString("event: error\n") }
            buffer.writeStaticString("data: ")
        }
        // An event stream never has Ollama's form, whoever asked.
        buffer.writeImmutableBuffer(json(message, status: 502, dialect: kind == .sse && dialect == .ollama ? .openai : dialect))
        buffer.writeString(kind == .sse ? "\n\n" : "\n")
        return buffer
    }
}

extension ByteBuffer {
    /// Writes `text` as a JSON string with its quotes.
    mutating func writeJSONString(_ text: String) {
        writeInteger(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): writeStaticString("\\\"")
            case UInt8(ascii: "\\"): writeStaticString("\\\\")
            case 0x0A: writeStaticString("\\n")
            case 0x0D: writeStaticString("\\r")
            case 0x09: writeStaticString("\\t")
            case 0..<0x20:
                writeStaticString("\\u00")
                writeHex(byte)
            default: writeInteger(byte)
            }
        }
        writeInteger(UInt8(ascii: "\""))
    }

    /// Writes a byte as two digits.
    mutating func writeHex(_ byte: UInt8) {
        writeInteger(Self.hexDigits[Int(byte >> 4)])
        writeInteger(Self.hexDigits[Int(byte & 15)])
    }

    static let hexDigits = Array("0123456789abcdef".utf8)
}
