/// The API family that a client speaks: it decides which engines can answer verbatim and how errors look.
public enum Dialect: String, Hashable, Sendable, Codable {
    case ollama
    case openai
    case anthropic
}
