extension JSONValue {
    /// The compact text, with Go's escapes of `<`, `>` and `&`.
    var text: String {
        var output: [UInt8] = []
        write(to: &output, spaced: false)
        return String(decoding: output, as: UTF8.self)
    }

    /// The text with a blank after each colon and comma, as templates print it.
    var spacedText: String {
        var output: [UInt8] = []
        write(to: &output, spaced: true)
        return String(decoding: output, as: UTF8.self)
    }

    private func write(to output: inout [UInt8], spaced: Bool) {
        switch self {
        case .null: output += "null".utf8
        case .bool(let value): output += (value ? "true" : "false").utf8
        case .integer(let value): output += value.description.utf8
        case .number(let value): output += (value.isFinite ? value.description : "null").utf8
        case .string(let value): Self.write(value, to: &output)
        case .array(let items):
            output.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { output += (spaced ? ", " : ",").utf8 }
                item.write(to: &output, spaced: spaced)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { output += (spaced ? ", " : ",").utf8 }
                Self.write(member.key, to: &output)
                output += (spaced ? ": " : ":").utf8
                member.value.write(to: &output, spaced: spaced)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, to output: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): output += "\\n".utf8
            case UInt8(ascii: "\r"): output += "\\r".utf8
            case UInt8(ascii: "\t"): output += "\\t".utf8
            case 0..<0x20, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
                output += "\\u00".utf8
                output += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
