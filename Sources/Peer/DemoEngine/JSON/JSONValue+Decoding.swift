import FoundationEssentials

extension JSONValue: Decodable {
    private struct MemberKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        // Most values are texts; each wrong guess costs an error.
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let text = try? value.decode(String.self) {
            self = .string(text)
        } else if let values = try? decoder.container(keyedBy: MemberKey.self) {
            self = .object(
                try values.allKeys.sorted { $0.stringValue < $1.stringValue }.map {
                    Member(key: $0.stringValue, value: try values.decode(JSONValue.self, forKey: $0))
                })
        } else if var values = try? decoder.unkeyedContainer() {
            var items: [JSONValue] = []
            while !values.isAtEnd { items.append(try values.decode(JSONValue.self)) }
            self = .array(items)
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let integer = try? value.decode(Int64.self) {
            self = .integer(integer)
        } else {
            self = .number(try value.decode(Double.self))
        }
    }

    /// Reads a body; nil when it is not JSON.
    static func parse(_ bytes: [UInt8]) -> JSONValue? {
        try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    }

    /// What Go's decoder says of a body that is not JSON, as far as its first characters tell.
    static func goComplaint(_ bytes: [UInt8]) -> String {
        let blanks = Array(" \t\r\n".utf8)
        var rest = bytes.drop { blanks.contains($0) }
        guard let first = rest.first else { return "EOF" }
        func shown(_ byte: UInt8) -> String { String(decoding: [byte], as: UTF8.self) }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
            return "invalid character '\(shown(first))' looking for beginning of value"
        }
        rest = rest.dropFirst().drop { blanks.contains($0) }
        guard let second = rest.first else { return "unexpected EOF" }
        if first == UInt8(ascii: "{"), second != UInt8(ascii: "\""), second != UInt8(ascii: "}") {
            return "invalid character '\(shown(second))' looking for beginning of object key string"
        }
        return "unexpected EOF"
    }
}
