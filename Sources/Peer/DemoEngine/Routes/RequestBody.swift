import NIOHTTP1

/// A request's JSON object with the checks that Ollama's decoder makes.
struct RequestBody {
    let value: JSONValue
    /// Go's name of the structure, for its error texts.
    private let structure: String

    /// Reads the body.
    init(_ exchange: Exchange, structure: String) throws(DemoFailure) {
        self.structure = structure
        guard !exchange.body.isEmpty else {
            throw .early(exchange.dialect == .native ? "missing request body" : "EOF")
        }
        guard let value = JSONValue.parse(exchange.body) else { throw .early(JSONValue.goComplaint(exchange.body)) }
        guard case .object = value else {
            throw .early("json: cannot unmarshal \(value.goKind) into Go value of type api.\(structure)")
        }
        self.value = value
    }

    /// A field that is neither missing nor null.
    subscript(key: String) -> JSONValue? {
        guard let field = value[key], !field.isNull else { return nil }
        return field
    }

    func string(_ key: String) throws(DemoFailure) -> String? {
        guard let field = self[key] else { return nil }
        guard let text = field.string else { throw mismatch(field, key, "string") }
        return text
    }

    func bool(_ key: String) throws(DemoFailure) -> Bool? {
        guard let field = self[key] else { return nil }
        guard let flag = field.bool else { throw mismatch(field, key, "bool") }
        return flag
    }

    func integer(_ key: String) throws(DemoFailure) -> Int? {
        guard let field = self[key] else { return nil }
        guard let number = field.integer else { throw mismatch(field, key, "int") }
        return Int(number)
    }

    func array(_ key: String, of type: String) throws(DemoFailure) -> [JSONValue]? {
        guard let field = self[key] else { return nil }
        guard let items = field.array else { throw mismatch(field, key, type) }
        return items
    }

    /// `stream`, on unless switched off.
    var isStreamByDefault: Bool {
        get throws(DemoFailure) { try bool("stream") ?? true }
    }

    /// `keep_alive`; nil when missing.
    func keepAlive() throws(DemoFailure) -> KeepAlive? {
        guard let field = self["keep_alive"] else { return nil }
        guard let value = KeepAlive(field) else {
            throw .early(field.string.map { "time: invalid duration \"\($0)\"" } ?? "invalid keep_alive")
        }
        return value
    }

    /// One of the `options`.
    func option(_ key: String) throws(DemoFailure) -> Int? {
        guard let options = self["options"], let field = options[key], !field.isNull else { return nil }
        guard let number = field.integer else {
            throw DemoFailure(status: .internalServerError, text: "option \"\(key)\" must be of type integer")
        }
        return Int(number)
    }

    /// `stop` in the options or, on `/v1`, at the top.
    var stops: [String] {
        let field = self["options"]?["stop"] ?? self["stop"]
        return field?.string.map { [$0] } ?? field?.array?.compactMap(\.string) ?? []
    }

    /// `messages` as roles and texts; parts are joined.
    func messages() throws(DemoFailure) -> [(role: String, content: String)] {
        let items = try array("messages", of: "[]api.Message") ?? []
        return items.map { item in
            let content = item["content"]
            let text = content?.string ?? (content?.array ?? []).compactMap { $0["text"]?.string }.joined()
            return (item["role"]?.string?.lowercased() ?? "user", text)
        }
    }

    /// `tools` as a template prints it; nil when there are none.
    var toolsText: String? {
        guard let tools = self["tools"]?.array, !tools.isEmpty else { return nil }
        return tools.map(\.spacedText).joined()
    }

    /// The JSON schema that the answer must fit; nil where its shape is free.
    var schema: JSONValue? {
        let places = [
            self["format"], self["response_format"]?["json_schema"]?["schema"], self["text"]?["format"]?["schema"],
        ]
        return places.compactMap { $0 }.first { if case .object = $0 { true } else { false } }
    }

    private func mismatch(_ field: JSONValue, _ key: String, _ type: String) -> DemoFailure {
        .early("json: cannot unmarshal \(field.goKind) into Go struct field \(structure).\(key) of type \(type)")
    }
}
