/// Taking known members out of a request: what remains has no translation and is passed on by name.
extension JSONObject {
    /// The object that a body is.
    static func read(_ body: [UInt8], limits: TranslationLimits) throws(TranslationError) -> JSONObject {
        guard !body.isEmpty else { throw .badRequest("missing request body") }
        let value: JSON
        do throws(JSONError) {
            value = try JSONParser.parse(body, limits: limits)
        } catch {
            throw .badRequest("the body is not JSON: \(error.message) (byte \(error.offset))")
        }
        guard let object = value.object else { throw .badRequest("the body must be a JSON object, and it is \(value.kind)") }
        return object
    }

    mutating func takeString(_ key: String) throws(TranslationError) -> String? {
        guard let value = take(key) else { return nil }
        guard let text = value.string else { throw .wrongType(key, wants: "a string", is: value) }
        return text
    }

    mutating func takeBool(_ key: String) throws(TranslationError) -> Bool? {
        guard let value = take(key) else { return nil }
        guard let bool = value.bool else { throw .wrongType(key, wants: "true or false", is: value) }
        return bool
    }

    mutating func takeList(_ key: String) throws(TranslationError) -> [JSON]? {
        guard let value = take(key) else { return nil }
        guard let list = value.array else { throw .wrongType(key, wants: "a list", is: value) }
        return list
    }

    mutating func takeObject(_ key: String) throws(TranslationError) -> JSONObject? {
        guard let value = take(key) else { return nil }
        guard let object = value.object else { throw .wrongType(key, wants: "an object", is: value) }
        return object
    }

    /// The settings under these names, in the order in which the names are given.
    mutating func takeSettings(_ names: KeyValuePairs<String, Setting.Name>) throws(TranslationError) -> [Setting] {
        var settings: [Setting] = []
        for (key, name) in names {
            guard let value = take(key) else { continue }
            if let setting = try Setting(name, value, field: key), !settings.contains(where: { $0.name == name }) {
                settings.append(setting)
            }
        }
        return settings
    }
}

extension JSON {
    /// An element of a list that must be an object.
    func element(of field: String) throws(TranslationError) -> JSONObject {
        guard let object else { throw .badRequest("`\(field)` must be a list of objects, and one is \(kind)") }
        return object
    }
}
