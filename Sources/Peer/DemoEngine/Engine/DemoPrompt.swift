/// What matters of a request's text: its length in tokens, one per character, and what answer it asks for.
struct DemoPrompt: Sendable, Hashable {
    var tokens: Int
    /// The system prompt is exactly `LONG`: ticks until the limit.
    var isLong = false
    /// Tools were offered and the last message is not a tool's answer.
    var wantsTool = false
    /// No messages, or an empty prompt: load or unload the model.
    var isEmpty = false

    private static let generationTokens = 9

    /// A chat. The counts are those of the recorded model's template.
    init(messages: [(role: String, content: String)], toolsJSON: String?) {
        tokens = Self.generationTokens
        for message in messages { tokens += message.role.count + 3 + message.content.count }
        if let toolsJSON { tokens += toolsJSON.count + 16 }
        isEmpty = messages.isEmpty
        isLong = messages.first.map { $0.role == "system" && $0.content == "LONG" } ?? false
        wantsTool = toolsJSON != nil && messages.last?.role != "tool" && !isLong
    }

    /// A prompt without a chat around it.
    init(raw prompt: String) {
        tokens = prompt.count
        isEmpty = prompt.isEmpty
    }
}
