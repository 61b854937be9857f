/// What the chosen engine speaks. The raw values are those of the backends' kinds.
public enum EngineDialect: String, Sendable, Hashable, CaseIterable {
    /// Ollama's native routes.
    case ollama
    /// OpenAI's routes of llama.cpp's server.
    case llamacpp
    /// OpenAI's routes of vLLM.
    case vllm
    /// OpenAI's routes of LM Studio.
    case lmstudio
    /// OpenAI's routes of anything else.
    case openai
}
