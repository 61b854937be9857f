/// What a request asks of a model: a hard filter, never crossed by a fallback.
public enum InferenceKind: String, Hashable, Sendable, Codable {
    case chat
    case generate
    case embed
    /// A picture is made, or changed.
    case image
    /// Speech becomes text.
    case transcribe
    /// Speech becomes text in English.
    case translate
    /// Text becomes speech.
    case speak
    /// Documents are put in the order of their worth for a question.
    case rerank
    /// One of given answers is chosen.
    case decide
    /// A picture becomes a vector.
    case embedImage

    /// The answer is a text that is made token by token.
    public var makesText: Bool { self == .chat || self == .generate }

    /// In words, for people: what a model does not support.
    public var words: String {
        switch self {
        case .chat, .generate: rawValue
        case .embed: "embeddings"
        case .image: "image generation"
        case .transcribe: "transcription"
        case .translate: "translation of speech"
        case .speak: "speech"
        case .rerank: "reranking"
        case .decide: "decisions"
        case .embedImage: "embeddings of images"
        }
    }
}
