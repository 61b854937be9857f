/// Why a model stopped.
enum FinishReason: Sendable, Hashable {
    case stop
    /// At this stop word.
    case stopWord(String)
    case length
    case toolCalls
    case contentFilter
    /// What an engine calls it.
    case other(String)

    init(_ word: String) {
        switch word {
        case "stop", "eos", "end_turn": self = .stop
        case "length", "max_tokens": self = .length
        case "tool_calls", "function_call", "tool_use": self = .toolCalls
        case "content_filter": self = .contentFilter
        default: self = .other(word)
        }
    }

    /// Ollama's word.
    var ollama: String {
        switch self {
        case .stop, .stopWord, .toolCalls: "stop"
        case .length: "length"
        case .contentFilter: "content_filter"
        case .other(let word): word
        }
    }
}
