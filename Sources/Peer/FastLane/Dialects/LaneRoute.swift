internal import Routing

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

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
    case images = "/v1/images/generations"
    case imageEdits = "/v1/images/edits"
    case transcriptions = "/v1/audio/transcriptions"
    case translations = "/v1/audio/translations"
    case speech = "/v1/audio/speech"
    case rerank = "/v1/rerank"
    case rerankShort = "/rerank"
    case rerankSecond = "/v2/rerank"
    case decide = "/v1/systemone"
    case herdImage = "/api/generate-image"
    case herdTranscribe = "/api/transcribe"
    case herdEmbedImage = "/api/embed-image"

    /// All paths by their length: most targets are told apart by it alone.
    private static let table: [[(path: [UInt8], route: LaneRoute)]] = {
        var table: [[(path: [UInt8], route: LaneRoute)]] = []
        for route in allCases {
            let path = Array(route.rawValue.utf8)
            while table.count <= path.count { table.append([]) }
            table[path.count].append((path, route))
        }
        return table
    }()

    /// The route of a request, the query of its target ignored; nil for all others.
    init?(_ head: RequestHead) {
        guard head.hasMethod("POST"), let route = head.withTarget(Self.route) else { return nil }
        self = route
    }

    private static func route(_ target: UnsafeBufferPointer<UInt8>) -> LaneRoute? {
        let end = target.firstIndex(of: UInt8(ascii: "?")) ?? target.count
        guard end < table.count else { return nil }
        for entry in table[end] {
            let isSame = entry.path.withUnsafeBufferPointer { path in
                guard let one = path.baseAddress, let other = target.baseAddress else { return end == 0 }
                return memcmp(one, other, end) == 0
            }
            if isSame { return entry.route }
        }
        return nil
    }

    /// How its errors look.
    var dialect: LaneDialect {
        switch self {
        case .chat, .generate, .embed, .embeddings, .pull, .push, .create, .herdImage, .herdTranscribe, .herdEmbedImage: .ollama
        case .openaiChat, .openaiCompletions, .openaiEmbeddings, .responses, .images, .imageEdits, .transcriptions, .translations,
            .speech, .rerank, .rerankShort, .rerankSecond, .decide:
            .openai
        case .messages, .countTokens: .anthropic
        }
    }

    /// What it asks of a model.
    var kind: InferenceKind {
        switch self {
        case .chat, .openaiChat, .responses, .messages, .countTokens: .chat
        case .generate, .openaiCompletions, .pull, .push, .create: .generate
        case .embed, .embeddings, .openaiEmbeddings: .embed
        case .images, .imageEdits, .herdImage: .image
        case .transcriptions, .herdTranscribe: .transcribe
        case .translations: .translate
        case .speech: .speak
        case .rerank, .rerankShort, .rerankSecond: .rerank
        case .decide: .decide
        case .herdEmbedImage: .embedImage
        }
    }

    /// Its clients come with names of their vendor's models built in.
    var takesStandIns: Bool { self == .messages || self == .responses }

    /// It changes which models a machine has, and asks none of them anything.
    var isManagement: Bool { self == .pull || self == .push || self == .create }

    /// Its body is a multipart form, or may be one.
    var takesForm: Bool {
        self == .transcriptions || self == .translations || self == .herdTranscribe || self == .imageEdits
    }

    /// A stream of it says by a last message that it is whole. Of the others only the framing tells.
    var hasLastMessage: Bool { !isManagement && (kind.makesText || kind == .embed) }

    /// The event that says in a stream of server-sent events that the answer is whole.
    var lastEvent: SSEWatch.LastEvent {
        switch self {
        case .responses: .response
        case .messages, .countTokens: .message
        default: .done
        }
    }

    /// The header that says how long a picture or a transcription took, milliseconds (herd-compat §1.1).
    var timeHeader: String? {
        switch kind {
        case .image: "X-Generation-Time"
        case .transcribe, .translate: "X-Transcription-Time"
        default: nil
        }
    }

    /// `original_format` of its trace rows.
    var format: String {
        switch kind {
        case .embed: "embed"
        case .rerank: "rerank"
        case .decide: "systemone"
        case .image: "image"
        case .transcribe, .translate: "stt"
        default: dialect.rawValue
        }
    }

    /// What it asks for in the words of OpenTelemetry's conventions for generative models (`gen_ai.operation.name`), and in
    /// words of the same kind where they have none; empty for what asks no model.
    var operation: String {
        switch self {
        case .countTokens: "count_tokens"
        case _ where isManagement: ""
        default:
            switch kind {
            case .chat: "chat"
            case .generate: "text_completion"
            case .embed, .embedImage: "embeddings"
            case .rerank: "rerank"
            case .decide: "decide"
            case .image: "image"
            case .transcribe, .translate: "transcription"
            case .speak: "speech"
            }
        }
    }

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
        case .images, .herdImage: "ImageGenerationRequest"
        case .imageEdits: "ImageEditRequest"
        case .transcriptions, .translations, .herdTranscribe: "TranscriptionRequest"
        case .speech: "SpeechRequest"
        case .rerank, .rerankShort, .rerankSecond: "RerankRequest"
        case .decide: "DecisionRequest"
        case .herdEmbedImage: "EmbedImageRequest"
        }
    }
}
