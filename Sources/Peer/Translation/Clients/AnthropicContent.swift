/// Turns the content blocks of one message of Anthropic's into messages of the common kind: results of tools become messages of
/// their own, in front of the rest.
struct AnthropicContent {
    private var main: Turn
    private var results: [Turn] = []

    init(role: Turn.Role) { main = Turn(role: role) }

    /// The messages in their order.
    var turns: [Turn] {
        let isEmpty = main.parts.isEmpty && main.calls.isEmpty && main.thinking.isEmpty
        return results + (isEmpty && !results.isEmpty ? [] : [main])
    }

    /// Reads `content`.
    mutating func read(_ content: JSON?) throws(TranslationError) {
        switch content {
        case nil: return
        case .string(let text): if !text.isEmpty { main.parts.append(.text(text)) }
        case .array(let blocks): for block in blocks { try read(block: block.element(of: "content")) }
        case .some(let other): throw .wrongType("content", wants: "text or a list of blocks", is: other)
        }
    }

    private mutating func read(block: JSONObject) throws(TranslationError) {
        let type = block["type"]?.string ?? ""
        switch type {
        case "text":
            guard let text = block["text"]?.string else { throw .badRequest("a text block has no `text`") }
            if !text.isEmpty { main.parts.append(.text(text)) }
        case "image": main.parts.append(.image(try Self.image(block)))
        case "document": main.parts.append(.text(try Self.document(block)))
        case "thinking": main.thinking += block["thinking"]?.string ?? ""
        // Encrypted for another provider: no local engine can read it.
        case "redacted_thinking": break
        case "tool_use":
            guard let id = block["id"]?.string, let name = block["name"]?.string else {
                throw .badRequest("a tool_use block needs `id` and `name`")
            }
            let input = block["input"] ?? .object(JSONObject())
            guard input.object != nil else { throw .wrongType("input", wants: "an object", is: input) }
            main.calls.append(ToolCall(id: id, name: name, arguments: input.text))
        case "tool_result": try result(block)
        default: throw .notCarried("content blocks of type `\(type.prefix(60))` have no place in this engine's dialect")
        }
    }

    private mutating func result(_ block: JSONObject) throws(TranslationError) {
        guard let id = block["tool_use_id"]?.string else { throw .badRequest("a tool_result block needs `tool_use_id`") }
        var texts: [String] = []
        var pictures: [Part] = []
        switch block["content"] {
        case nil: break
        case .string(let text): texts.append(text)
        case .array(let parts):
            for part in parts {
                let part = try part.element(of: "tool_result.content")
                switch part["type"]?.string {
                case "text": texts.append(part["text"]?.string ?? "")
                case "image": pictures.append(.image(try Self.image(part)))
                case "document": texts.append(try Self.document(part))
                default: texts.append(JSON.object(part).text)
                }
            }
        case .some(let other): throw .wrongType("tool_result.content", wants: "text or a list of blocks", is: other)
        }
        var text = texts.joined(separator: "\n")
        if block["is_error"]?.bool == true { text = "Error: " + text }
        results.append(Turn(role: .tool, parts: [.text(text)] + pictures, callID: id))
    }

    private static func image(_ block: JSONObject) throws(TranslationError) -> Image {
        let source = block["source"]
        switch source?["type"]?.string {
        case "base64":
            return try Image(
                base64: source?["data"]?.string ?? "", mediaType: source?["media_type"]?.string, field: "source.data")
        case "url": return try Image(url: source?["url"]?.string ?? "", field: "source.url")
        default: throw .notCarried("an image must come as base64: files kept at Anthropic cannot be read here")
        }
    }

    private static func document(_ block: JSONObject) throws(TranslationError) -> String {
        let source = block["source"]
        guard source?["type"]?.string == "text", let text = source?["data"]?.string else {
            throw .notCarried("a document must come as text: this engine's dialect has no place for other files")
        }
        let title = block["title"]?.string.map { $0 + "\n\n" } ?? ""
        return title + text
    }
}
