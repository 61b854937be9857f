/// The API families of the lane: how errors look, and how a stream says that it is over.
public enum LaneDialect: String, Sendable, Hashable {
    /// Ollama's native routes: NDJSON, `{"error":"text"}`.
    case ollama
    /// OpenAI's: SSE, `{"error":{…}}`.
    case openai
    /// Anthropic's: named SSE events, `{"type":"error","error":{…}}`.
    case anthropic
}
