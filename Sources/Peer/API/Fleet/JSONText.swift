import Foundation

/// JSON that is stored as text and goes out as the value that it stands for.
public struct JSONText: Codable, Sendable, Equatable {
    /// The text.
    public let text: String

    /// JSON text; nil for nothing.
    public init?(_ text: String?) {
        guard let text, !text.isEmpty else { return nil }
        self.text = text
    }

    /// Reads any JSON value.
    public init(from decoder: any Decoder) throws {
        let value = try Value(from: decoder)
        text = String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }

    /// Writes the value; text that is no JSON goes out as a string.
    public func encode(to encoder: any Encoder) throws {
        guard let value = try? JSONDecoder().decode(Value.self, from: Data(text.utf8)) else {
            var container = encoder.singleValueContainer()
            try container.encode(text)
            return
        }
        try value.encode(to: encoder)
    }

    private indirect enum Value: Codable {
        case null, bool(Bool), number(Double), string(String), array([Value]), object([String: Value])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let value = try? container.decode(Bool.self) {
                self = .bool(value)
            } else if let value = try? container.decode(Double.self) {
                self = .number(value)
            } else if let value = try? container.decode(String.self) {
                self = .string(value)
            } else if let value = try? container.decode([Value].self) {
                self = .array(value)
            } else {
                self = .object(try container.decode([String: Value].self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .null: try container.encodeNil()
            case .bool(let value): try container.encode(value)
            case .number(let value): try container.encode(value)
            case .string(let value): try container.encode(value)
            case .array(let value): try container.encode(value)
            case .object(let value): try container.encode(value)
            }
        }
    }
}
