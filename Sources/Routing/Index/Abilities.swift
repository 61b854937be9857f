import Gossip

/// What a model can do, by its list of capabilities. Unknown capabilities refuse nothing.
struct Abilities: Hashable, Sendable {
    private var refusesText = false
    private var refusesEmbedding = false
    private var refusesImages = false
    private var refusesTools = false
    private var listed: Listed = []

    /// What is listed, in Ollama's words.
    private struct Listed: OptionSet, Hashable {
        let rawValue: UInt8
        static let completion = Listed(rawValue: 1)
        static let vision = Listed(rawValue: 2)
        static let tools = Listed(rawValue: 4)
        static let thinking = Listed(rawValue: 8)
        static let insert = Listed(rawValue: 16)

        init(rawValue: UInt8) { self.rawValue = rawValue }

        init(_ capabilities: [String]) {
            self = []
            for word in capabilities {
                switch word {
                case "completion": insert(.completion)
                case "vision", "multimodal": insert(.vision)
                case "tools": insert(.tools)
                case "thinking": insert(.thinking)
                case "insert": insert(.insert)
                default: break
                }
            }
        }
    }

    /// Reads a list in Ollama's words; empty for unknown.
    ///
    /// llama.cpp's server names only `completion` and `multimodal` in its list, also when it embeds or takes tools, so with it a
    /// missing word says nothing about these two.
    init(_ capabilities: [String], of kind: BackendKind) {
        guard !capabilities.isEmpty else { return }
        let embeds = capabilities.contains("embedding")
        refusesText = embeds && !capabilities.contains("completion")
        refusesEmbedding = !embeds && kind != .llamacpp
        refusesImages = !capabilities.contains("vision") && !capabilities.contains("multimodal")
        refusesTools = !capabilities.contains("tools") && kind != .llamacpp
        listed = Listed(capabilities)
    }

    /// The engine says something of what the model can do.
    var areKnown: Bool { !listed.isEmpty }

    /// The model can answer `request`, as far as is known.
    func allow(_ request: RouteRequest) -> Bool {
        switch request.kind {
        case .embed: if refusesEmbedding { return false }
        case .chat, .generate: if refusesText { return false }
        }
        return !(request.hasImages && refusesImages) && !(request.hasTools && refusesTools)
    }

    /// The engine lists everything that `request` needs: what a model must have that nobody asked for.
    func affirm(_ request: RouteRequest) -> Bool {
        var needed: Listed = [.completion]
        if request.hasImages { needed.insert(.vision) }
        if request.hasTools { needed.insert(.tools) }
        if request.wantsThoughts { needed.insert(.thinking) }
        if request.fillsIn { needed.insert(.insert) }
        return request.kind != .embed && listed.isSuperset(of: needed)
    }
}
