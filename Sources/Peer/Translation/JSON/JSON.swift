/// A JSON value that keeps what came: the order of members, repeated keys, and the text of every number.
enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    /// A number by its own text: `1e400` and `0.10` are written as they were read.
    case number(String)
    case string(String)
    case array([JSON])
    case object(JSONObject)

    /// The last value of a key, as engines read repeated ones; nil when this is no object, has no such key or has null there.
    subscript(key: String) -> JSON? {
        guard case .object(let object) = self else { return nil }
        return object[key]
    }

    var string: String? { if case .string(let text) = self { text } else { nil } }

    var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    var array: [JSON]? { if case .array(let items) = self { items } else { nil } }

    var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

    /// A number that is whole and fits.
    var integer: Int64? {
        guard case .number(let text) = self else { return nil }
        if let whole = Int64(text) { return whole }
        guard let value = Double(text), value.rounded() == value, abs(value) < 9e15 else { return nil }
        return Int64(value)
    }

    /// A number as far as a `Double` holds it.
    var double: Double? {
        guard case .number(let text) = self, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    var isNull: Bool { self == .null }

    /// What it is, for error texts.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// An object of the members that are not nil.
    static func make(_ members: KeyValuePairs<String, JSON?>) -> JSON { .object(JSONObject(members)) }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral {
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int64) { self = .number(value.description) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: JSON...) { self = .array(elements) }

    /// A whole number.
    static func integer(_ value: Int64) -> JSON { .number(value.description) }
    /// A whole number.
    static func integer(_ value: Int) -> JSON { .number(value.description) }
}
