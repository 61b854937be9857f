/// One message of a conversation.
struct Turn: Sendable, Hashable {
    /// Who speaks; roles beyond the four are passed on by name.
    enum Role: Sendable, Hashable {
        case system, user, assistant, tool
        case other(String)

        init(_ word: String) {
            switch word.lowercased() {
            case "system", "developer": self = .system
            case "user": self = .user
            case "assistant": self = .assistant
            case "tool": self = .tool
            default: self = .other(word)
            }
        }

        var word: String {
            switch self {
            case .system: "system"
            case .user: "user"
            case .assistant: "assistant"
            case .tool: "tool"
            case .other(let word): word
            }
        }
    }

    var role: Role
    /// Text and images in their order.
    var parts: [Part] = []
    /// What the model thought before.
    var thinking = ""
    /// Tools that it called.
    var calls: [ToolCall] = []
    /// Of a tool's result: the call's id.
    var callID: String?
    /// Of a tool's result: the tool.
    var toolName: String?
    /// Members that have no common term.
    var rest = JSONObject()

    /// All of its text, a line for each part.
    var text: String {
        parts.compactMap { part -> String? in if case .text(let text) = part { text } else { nil } }.joined(separator: "\n")
    }

    /// Everything but its text.
    var others: [Part] {
        parts.filter { if case .text = $0 { false } else { true } }
    }

    /// It has nothing but text.
    var isPlain: Bool {
        parts.allSatisfy { if case .text = $0 { true } else { false } }
    }
}
