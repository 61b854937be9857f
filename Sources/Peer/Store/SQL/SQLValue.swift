/// A value in a table that somebody asked for in SQL.
public enum SQLValue: Sendable, Hashable, Codable {
    /// NULL.
    case null
    /// An INTEGER.
    case integer(Int64)
    /// A REAL; what is no number in JSON is NULL.
    case real(Double)
    /// A TEXT; a BLOB as hexadecimal digits.
    case text(String)

    /// Reads a value of JSON.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .real(value)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    /// Writes it as JSON.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .integer(let value): try container.encode(value)
        case .real(let value): if value.isFinite { try container.encode(value) } else { try container.encodeNil() }
        case .text(let value): try container.encode(value)
        }
    }

    /// About what it takes to send, bytes.
    var size: Int {
        switch self {
        case .null: 5
        case .integer, .real: 12
        case .text(let text): text.utf8.count + 3
        }
    }
}
