/// What a model is made for, in ollama-herd's words.
public enum ModelKind: String, Hashable, Sendable, Encodable, CaseIterable {
    case general
    case coding
    case reasoning
    case vision
    case creative
    case fastChat = "fast-chat"
    case embedding

    /// The order in which categories are served while nobody has asked for anything.
    public static let usual: [ModelKind] = [.general, .coding, .reasoning, .vision, .creative, .fastChat]

    /// By the catalog where the name is in it, else by what names usually tell.
    ///
    /// - Parameter capabilities: what the engine says; `embedding` alone decides.
    public init(_ name: String, capabilities: [String] = []) {
        let lower = name.lowercased()
        func has(_ words: [String]) -> Bool { words.contains { lower.contains($0) } }
        if capabilities.contains("embedding"), !capabilities.contains("completion") {
            self = .embedding
        } else if let known = CatalogModel.named(lower) {
            self = known.kind
        } else if has(["embed", "bge-", "minilm", "rerank"]) {
            self = .embedding
        } else if has(["coder", "codestral", "devstral", "starcoder", "codellama"]) {
            self = .coding
        } else if has(["deepseek-r1", "reasoning", "qwq", "gpt-oss", "magistral"]) {
            self = .reasoning
        } else if has(["vision", "llava", "moondream", "minicpm-v", "-vl"]) {
            self = .vision
        } else if has(["creative", "story", "mistral-nemo", "hermes"]) {
            self = .creative
        } else if let billions = Self.billions(lower), billions <= 4 {
            self = .fastChat
        } else {
            self = .general
        }
    }

    /// `qwen3:1.7b` → 1.7
    static func billions(_ name: String) -> Double? {
        guard let tag = name.split(separator: ":").dropFirst().first else { return nil }
        for part in tag.split(separator: "-") where part.hasSuffix("b") {
            if let number = Double(part.dropLast()) { return number }
        }
        return nil
    }
}
