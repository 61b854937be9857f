/// What a request asks of a model: a hard filter, never crossed by a fallback.
public enum InferenceKind: String, Hashable, Sendable, Codable {
    case chat
    case generate
    case embed
}
