import Gossip

/// What a model can do, by its list of capabilities. Unknown capabilities refuse nothing.
struct Abilities: Hashable, Sendable {
    private var refusesText = false
    private var refusesEmbedding = false
    private var refusesImages = false
    private var refusesTools = false

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
    }

    /// The model can answer `request`, as far as is known.
    func allow(_ request: RouteRequest) -> Bool {
        switch request.kind {
        case .embed: if refusesEmbedding { return false }
        case .chat, .generate: if refusesText { return false }
        }
        return !(request.hasImages && refusesImages) && !(request.hasTools && refusesTools)
    }
}
