/// What a model is made for, by its name: ollama-herd's categories as far as names tell them (herd-compat §6.4).
enum ModelCategory: Hashable, Sendable {
    case coding
    case general
    case reasoning
    case creative
    case vision

    init(_ name: String) {
        let lower = name.lowercased()
        func has(_ words: [String]) -> Bool { words.contains { lower.contains($0) } }
        if has(["coder", "codestral", "devstral", "starcoder"]) {
            self = .coding
        } else if has(["deepseek-r1", "phi-4-reasoning", "reasoning", "qwq"]) {
            self = .reasoning
        } else if has(["creative", "story", "mistral-nemo"]) {
            self = .creative
        } else if has(["vision", "llava", "moondream", "minicpm-v"]) {
            self = .vision
        } else {
            self = .general
        }
    }

    /// What it adds to a model's worth as a stand-in (herd-compat §1.5).
    var bonus: Double {
        switch self {
        case .coding: 15
        case .general: 5
        case .reasoning, .creative: -5
        case .vision: -10
        }
    }
}
