public import Gossip

extension BackendKind {
    /// An engine of this kind and version has routes for what is asked (api-contracts §1, §6).
    ///
    /// - Parameter version: as the engine says it. One that is not understood is taken for an old one.
    public func serves(_ kind: InferenceKind, version: String) -> Bool {
        switch (kind, self) {
        case (.chat, _), (.generate, _), (.embed, _): true
        // Pictures came with 0.15 and went with 0.33.
        case (.image, .ollama): Self.isVersion(version, from: 15, below: 33)
        case (.transcribe, .ollama): Self.isVersion(version, from: 20)
        case (.decide, .ollama): Self.isVersion(version, from: 35)
        case (.transcribe, .llamacpp), (.transcribe, .vllm), (.rerank, .llamacpp), (.rerank, .vllm): true
        case (.translate, .vllm): true
        // Nothing but its routes is known of such an engine: it may have any of OpenAI's.
        case (.translate, .openai): true
        case (.image, .openai), (.transcribe, .openai), (.speak, .openai), (.rerank, .openai): true
        default: false
        }
    }

    /// 0.`from` or later, and before 0.`below`.
    private static func isVersion(_ text: String, from: Int, below: Int = .max) -> Bool {
        let parts = text.drop { $0 == "v" }.split(separator: ".").prefix(2).map { Int($0.prefix { $0.isNumber }) ?? -1 }
        guard parts.count == 2, parts[0] >= 0, parts[1] >= 0 else { return false }
        return parts[0] > 0 ? below == .max : parts[1] >= from && parts[1] < below
    }
}
