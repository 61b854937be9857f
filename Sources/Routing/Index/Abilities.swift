import Gossip

/// What a model can do at its engine, by the engine's kind and version and by the model's list of capabilities. Unknown
/// capabilities refuse nothing.
struct Abilities: Hashable, Sendable {
    /// What is refused, as a set of bits.
    private struct Refused: OptionSet, Hashable, Sendable {
        let rawValue: UInt16
        static let text = Refused(rawValue: 1)
        static let chat = Refused(rawValue: 2)
        static let embedding = Refused(rawValue: 4)
        static let images = Refused(rawValue: 8)
        static let tools = Refused(rawValue: 16)
        static let audio = Refused(rawValue: 32)
        static let drawing = Refused(rawValue: 64)
        static let transcribing = Refused(rawValue: 128)
        static let speaking = Refused(rawValue: 256)
        static let ranking = Refused(rawValue: 512)
        static let deciding = Refused(rawValue: 1024)
        static let imageEmbedding = Refused(rawValue: 2048)
        static let translating = Refused(rawValue: 4096)
    }

    /// By what the model is.
    private var refused: Refused = []
    /// By what its engine has no route for.
    private var missing: Refused = []
    private var listed: ListedAbilities = []

    /// Words that say what a model is for, if it is not for text.
    private static let otherPurposes: Set = ["embedding", "image", "transcription", "speech", "rerank", "decision"]

    /// Reads a list in Ollama's words; empty for unknown.
    ///
    /// llama.cpp's server names only `completion` and `multimodal` in its list, also when it embeds, ranks or takes tools, so with
    /// it a missing word says nothing about these.
    init(_ capabilities: [String], of backend: BackendReport) {
        for (kind, bit) in Self.bits where !backend.kind.serves(kind, version: backend.version) { missing.insert(bit) }
        guard !capabilities.isEmpty else {
            // There are few such models, and only an engine that names them has one.
            refused = [.deciding]
            return
        }
        listed = ListedAbilities(capabilities)
        let has = { (words: String...) in words.contains(where: capabilities.contains) }
        let isForText = has("completion") || !capabilities.contains(where: Self.otherPurposes.contains)
        if !isForText {
            refused.insert(.chat)
            // Pictures are also made by Ollama's `generate`.
            if !has("image") { refused.insert(.text) }
        }
        let saysAll = backend.kind != .llamacpp
        if saysAll, !has("embedding") { refused.insert(.embedding) }
        if saysAll, !has("tools") { refused.insert(.tools) }
        if saysAll, !has("rerank") { refused.insert(.ranking) }
        if !has("vision", "multimodal") { refused.insert(.images) }
        if !has("audio", "multimodal") { refused.insert(.audio) }
        if !has("audio", "transcription", "multimodal") { refused.formUnion([.transcribing, .translating]) }
        if !has("image") { refused.insert(.drawing) }
        if !has("speech") { refused.insert(.speaking) }
        if !has("decision") { refused.insert(.deciding) }
        if !has("vision-embedding") { refused.insert(.imageEmbedding) }
    }

    /// What only some engines have routes for.
    private static let bits: [(InferenceKind, Refused)] = [
        (.image, .drawing), (.transcribe, .transcribing), (.speak, .speaking), (.rerank, .ranking), (.decide, .deciding),
        (.embedImage, .imageEmbedding), (.translate, .translating),
    ]

    /// The engine says something of what the model can do.
    var areKnown: Bool { !listed.isEmpty }

    /// The engine has a route for it.
    func areServed(_ request: RouteRequest) -> Bool { request.kind.makesText || !missing.contains(Self.needed(request.kind)) }

    /// The model can answer `request`, as far as is known.
    func allow(_ request: RouteRequest) -> Bool {
        var needed = Self.needed(request.kind)
        // What is made out of pictures takes them by itself.
        if request.hasImages, request.kind != .image, request.kind != .embedImage { needed.insert(.images) }
        if request.hasTools { needed.insert(.tools) }
        if request.hasAudio { needed.insert(.audio) }
        return refused.isDisjoint(with: needed)
    }

    private static func needed(_ kind: InferenceKind) -> Refused {
        switch kind {
        case .chat: .chat
        case .generate: .text
        case .embed: .embedding
        case .image: .drawing
        case .transcribe: .transcribing
        case .translate: .translating
        case .speak: .speaking
        case .rerank: .ranking
        case .decide: .deciding
        case .embedImage: .imageEmbedding
        }
    }

    /// The engine lists everything that `request` needs: what a model must have that nobody asked for.
    func affirm(_ request: RouteRequest) -> Bool {
        var needed: ListedAbilities = [.completion]
        if request.hasImages { needed.insert(.vision) }
        if request.hasTools { needed.insert(.tools) }
        if request.wantsThoughts { needed.insert(.thinking) }
        if request.fillsIn { needed.insert(.insert) }
        if request.hasAudio { needed.insert(.audio) }
        return request.kind.makesText && listed.isSuperset(of: needed)
    }
}
