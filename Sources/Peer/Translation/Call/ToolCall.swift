/// A model's call of a tool.
struct ToolCall: Sendable, Hashable {
    /// Joins it with its result; made up where the dialect has none.
    var id: String
    var name: String
    /// JSON text, an object.
    var arguments: String

    /// The arguments as an object: nothing and null are an empty one, and an object written as a string is taken out of it.
    static func object(_ arguments: String, limits: TranslationLimits) -> JSON? {
        if arguments.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }) { return .object(JSONObject()) }
        guard let value = try? JSONParser.parse(Array(arguments.utf8), limits: limits) else { return nil }
        switch value {
        case .object: return value
        case .null: return .object(JSONObject())
        case .string(let inner):
            guard let value = try? JSONParser.parse(Array(inner.utf8), limits: limits), value.object != nil else { return nil }
            return value
        default: return nil
        }
    }
}
