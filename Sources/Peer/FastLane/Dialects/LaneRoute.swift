internal import Routing

/// The requests that the fast lane relays, by path; all are POST.
enum LaneRoute: String, CaseIterable {
    case chat = "/api/chat"
    case generate = "/api/generate"
    case embed = "/api/embed"
    case embeddings = "/api/embeddings"
    case openaiChat = "/v1/chat/completions"
    case openaiCompletions = "/v1/completions"
    case openaiEmbeddings = "/v1/embeddings"
    case responses = "/v1/responses"
    case messages = "/v1/messages"
    case countTokens = "/v1/messages/count_tokens"
    case pull = "/api/pull"
    case push = "/api/push"
    case create = "/api/create"

    private static let table = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    /// The route of a request target, its query ignored; nil for all others.
    init?(target: String) {
        let path = target.utf8.firstIndex(of: UInt8(ascii: "?")).map { String(target[..<$0]) } ?? target
        guard let route = Self.table[path] else { return nil }
        self = route
    }

    /// How its errors look.
    var dialect: LaneDialect {
        switch self {
        case .chat, .generate, .embed, .embeddings, .pull, .push, .create: .ollama
        case .openaiChat, .openaiCompletions, .openaiEmbeddings, .responses: .openai
        case .messages, .countTokens: .anthropic
        }
    }

    /// What it asks of a model.
    var kind: InferenceKind {
        switch self {
        case .chat, .openaiChat, .responses, .messages, .countTokens: .chat
        case .generate, .openaiCompletions, .pull, .push, .create: .generate
        case .embed, .embeddings, .openaiEmbeddings: .embed
        }
    }

    /// Its clients come with names of their vendor's models built in.
    var takesStandIns: Bool { self == .messages || self == .responses }

    /// It changes which models a machine has, and asks none of them anything.
    var isManagement: Bool { self == .pull || self == .push || self == .create }

    /// The event that says in a stream of server-sent events that the answer is whole.
    var lastEvent: SSEWatch.LastEvent {
        switch self {
        case .responses: .response
        case .messages, .countTokens: .message
        default: .done
        }
    }

    /// `original_format` of its trace rows.
    var format: String { kind == .embed ? "embed" : dialect.rawValue }

    /// The name that Ollama's parser gives its request, for error texts.
    var requestTypeName: String {
        switch self {
        case .chat: "ChatRequest"
        case .generate: "GenerateRequest"
        case .embed: "EmbedRequest"
        case .embeddings: "EmbeddingRequest"
        case .openaiChat: "ChatCompletionRequest"
        case .openaiCompletions: "CompletionRequest"
        case .openaiEmbeddings: "EmbedRequest"
        case .responses: "ResponsesRequest"
        case .messages, .countTokens: "MessagesRequest"
        case .pull: "PullRequest"
        case .push: "PushRequest"
        case .create: "CreateRequest"
        }
    }
}
