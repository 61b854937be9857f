/// An answer that fits a JSON schema: what the stand-in says where an answer of a given shape is asked for.
///
/// Every property is there, by name; a choice is its first; numbers are as small as allowed. Rules about the length of texts and
/// lists other than `minItems` are not read.
struct SchemaSample {
    /// Deeper values are null: schemas may name themselves.
    private static let depthLimit = 16
    /// Values beyond this are null, so that no schema makes a large answer.
    private static let valueLimit = 2000

    private let root: JSONValue
    private var left = valueLimit

    /// The sample of `schema`.
    static func make(_ schema: JSONValue) -> JSONValue {
        var maker = SchemaSample(root: schema)
        return maker.value(schema, depth: 0)
    }

    private init(root: JSONValue) { self.root = root }

    private mutating func value(_ schema: JSONValue, depth: Int) -> JSONValue {
        guard depth < Self.depthLimit, left > 0 else { return nil }
        left -= 1
        if let fixed = schema["const"] ?? schema["enum"]?.array?.first { return fixed }
        if let path = schema["$ref"]?.string { return value(target(path), depth: depth + 1) }
        for choice in ["anyOf", "oneOf", "allOf"] {
            if let first = schema[choice]?.array?.first { return value(first, depth: depth + 1) }
        }
        switch schema["type"]?.string ?? schema["type"]?.array?.first?.string {
        case "string": return "text"
        case "integer": return .integer(schema["minimum"]?.integer ?? 1)
        case "number": return schema["minimum"] ?? 1
        case "boolean": return true
        case "array": return list(schema, depth: depth)
        case "null": return nil
        default: return object(schema, depth: depth)
        }
    }

    private mutating func list(_ schema: JSONValue, depth: Int) -> JSONValue {
        guard let item = schema["items"] else { return [] }
        let count = min(max(schema["minItems"]?.integer ?? 1, 1), Int64(Self.valueLimit))
        var items: [JSONValue] = []
        for _ in 0..<count where left > 0 { items.append(value(item, depth: depth + 1)) }
        return .array(items)
    }

    private mutating func object(_ schema: JSONValue, depth: Int) -> JSONValue {
        guard case .object(let properties)? = schema["properties"] else { return [:] }
        // What was parsed has no order of its own.
        let sorted = properties.sorted { $0.key < $1.key }
        return .object(sorted.map { .init(key: $0.key, value: value($0.value, depth: depth + 1)) })
    }

    /// What `#`, `#/$defs/Name` and the like stand for.
    private func target(_ path: String) -> JSONValue {
        guard path.hasPrefix("#") else { return nil }
        var found: JSONValue = root
        for step in path.dropFirst().split(separator: "/").prefix(Self.depthLimit) { found = found[String(step)] ?? nil }
        return found
    }
}
