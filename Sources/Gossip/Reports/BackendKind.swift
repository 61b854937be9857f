/// The engines that a peer can call, which is also what they speak.
public enum BackendKind: String, Hashable, Sendable, Codable, CaseIterable {
    case ollama
    case llamacpp
    case vllm
    case lmstudio
    case openai

    /// It answers Ollama's native routes (`/api/chat` and the like). All kinds answer OpenAI's.
    public var speaksOllama: Bool { self == .ollama }
}
