/// A value in a finding's `data`: JSON without surprises.
public enum DataValue: Hashable, Sendable {
    case null
    case truth(Bool)
    case whole(Int)
    case number(Double)
    case text(String)
    case list([DataValue])
    case object([String: DataValue])

    /// A figure with one decimal.
    static func tenth(_ value: Double) -> DataValue { .number(value.tenths) }
    /// A figure that may be missing.
    static func optional(_ value: Double?) -> DataValue { value.map { .tenth($0) } ?? .null }
    /// Names.
    static func texts(_ values: [String]) -> DataValue { .list(values.map { .text($0) }) }
    /// Counts by name.
    static func counts(_ values: [(name: String, count: Int)]) -> DataValue {
        .object(Dictionary(values.map { ($0.name, .whole($0.count)) }, uniquingKeysWith: { first, _ in first }))
    }
}

extension DataValue: Encodable {
    /// Writes the value itself.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .truth(let value): try container.encode(value)
        case .whole(let value): try container.encode(value)
        case .number(let value): value.isFinite ? try container.encode(value) : try container.encodeNil()
        case .text(let value): try container.encode(value)
        case .list(let values): try container.encode(values)
        case .object(let values): try container.encode(values)
        }
    }
}

extension DataValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral {
    /// A whole number.
    public init(integerLiteral value: Int) { self = .whole(value) }
    /// A text.
    public init(stringLiteral value: String) { self = .text(value) }
    /// A truth.
    public init(booleanLiteral value: Bool) { self = .truth(value) }
}
