/// Turns the input items of OpenAI's Responses API into a conversation.
struct ResponsesInput {
    private(set) var turns: [Turn] = []
    /// Thinking that belongs to the next message of the assistant.
    private var thinking = ""

    /// `instructions` stand in front as a system prompt.
    mutating func instructions(_ value: JSON?) throws(TranslationError) {
        switch value {
        case nil: return
        case .string(let text): if !text.isEmpty { turns.append(Turn(role: .system, parts: [.text(text)])) }
        case .array: try read(value ?? .null)
        case .some(let other): throw .wrongType("instructions", wants: "text", is: other)
        }
    }

    /// `input`: text, or items.
    mutating func read(_ input: JSON) throws(TranslationError) {
        switch input {
        case .string(let text): turns.append(Turn(role: .user, parts: [.text(text)]))
        case .array(let items): for item in items { try read(item: item.element(of: "input")) }
        default: throw .wrongType("input", wants: "text or a list of items", is: input)
        }
    }

    private mutating func read(item: JSONObject) throws(TranslationError) {
        let type = item["type"]?.string ?? (item["role"] == nil ? "" : "message")
        switch type {
        case "message":
            var turn = Turn(role: Turn.Role(item["role"]?.string ?? ""))
            turn.parts = try Self.parts(item["content"])
            if turn.role == .assistant { turn.thinking = takeThinking() }
            turns.append(turn)
        case "function_call": try functionCall(item)
        case "function_call_output":
            guard let id = item["call_id"]?.string else { throw .badRequest("a function_call_output needs `call_id`") }
            turns.append(Turn(role: .tool, parts: try Self.parts(item["output"]), callID: id))
        case "reasoning":
            for key in ["summary", "content"] {
                for part in item[key]?.array ?? [] { thinking += part["text"]?.string ?? "" }
            }
        case "item_reference":
            throw .notCarried("`item_reference` needs answers that are kept, and none are: send the whole conversation")
        default: throw .notCarried("input items of type `\(type.prefix(60))` have no place in this engine's dialect")
        }
    }

    private mutating func functionCall(_ item: JSONObject) throws(TranslationError) {
        guard let id = item["call_id"]?.string, let name = item["name"]?.string else {
            throw .badRequest("a function_call needs `call_id` and `name`")
        }
        let call = ToolCall(id: id, name: name, arguments: item["arguments"]?.string ?? "")
        if turns.last?.role == .assistant, thinking.isEmpty {
            turns[turns.count - 1].calls.append(call)
        } else {
            turns.append(Turn(role: .assistant, thinking: takeThinking(), calls: [call]))
        }
    }

    private mutating func takeThinking() -> String {
        defer { thinking = "" }
        return thinking
    }

    /// Content: text, or parts.
    private static func parts(_ content: JSON?) throws(TranslationError) -> [Part] {
        switch content {
        case nil: return []
        case .string(let text): return text.isEmpty ? [] : [.text(text)]
        case .array(let list):
            var parts: [Part] = []
            for item in list { parts.append(try part(item.element(of: "content"))) }
            return parts
        case .some(let other): throw .wrongType("content", wants: "text or a list of parts", is: other)
        }
    }

    private static func part(_ part: JSONObject) throws(TranslationError) -> Part {
        let type = part["type"]?.string ?? ""
        switch type {
        case "input_text", "output_text", "text", "summary_text": return .text(part["text"]?.string ?? "")
        case "refusal": return .text(part["refusal"]?.string ?? "")
        case "input_image":
            guard let url = part["image_url"]?.string else {
                throw .notCarried("an image must come as a data: URL: files kept at OpenAI cannot be read here")
            }
            return .image(try Image(url: url, field: "image_url"))
        case "input_file":
            guard let data = part["file_data"] else {
                throw .notCarried("a file must come as `file_data`: nothing is fetched for a client")
            }
            return .foreign(
                .make(["type": "file", "file": .make(["filename": part["filename"], "file_data": data])]))
        case "input_audio": return .foreign(.object(part))
        default: throw .notCarried("content of type `\(type.prefix(60))` has no place in this engine's dialect")
        }
    }
}
