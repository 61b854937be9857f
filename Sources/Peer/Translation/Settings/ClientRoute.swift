/// What a client asked for: the routes whose dialect can be turned into another.
public enum ClientRoute: String, Sendable, Hashable, CaseIterable {
    /// Ollama's chat; streams unless told otherwise.
    case ollamaChat = "/api/chat"
    /// Ollama's completion of a prompt; streams unless told otherwise.
    case ollamaGenerate = "/api/generate"
    /// Ollama's embeddings of several texts.
    case ollamaEmbed = "/api/embed"
    /// Ollama's older embedding of one text.
    case ollamaEmbeddings = "/api/embeddings"
    /// Anthropic's messages.
    case anthropicMessages = "/v1/messages"
    /// Anthropic's count of a request's tokens: an estimate, asked of no engine.
    case anthropicCountTokens = "/v1/messages/count_tokens"
    /// OpenAI's responses.
    case openaiResponses = "/v1/responses"
    /// ollama-herd's pictures: the answer is the picture itself.
    case herdImage = "/api/generate-image"

    /// The family whose errors and events the client reads.
    var family: Family {
        switch self {
        case .ollamaChat, .ollamaGenerate, .ollamaEmbed, .ollamaEmbeddings, .herdImage: .ollama
        case .anthropicMessages, .anthropicCountTokens: .anthropic
        case .openaiResponses: .openai
        }
    }

    /// Who made the API.
    enum Family: Sendable, Hashable { case ollama, anthropic, openai }
}
