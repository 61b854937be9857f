import Gossip

/// Asks one kind of engine what it has.
protocol EngineProber: Sendable {
    /// Asks. A full probe reads all lists; a light one only what changes from second to second.
    mutating func probe(full: Bool, with caller: EngineCaller) async throws(BackendProblem) -> EngineFacts

    /// Asks for some of the details that are still missing, after the lists were published. Nil when there is nothing to ask.
    mutating func learn(with caller: EngineCaller) async -> EngineFacts?
}

extension EngineProber {
    /// Most engines tell everything in their lists.
    mutating func learn(with caller: EngineCaller) async -> EngineFacts? { nil }
}

/// The prober of a kind. `engine` is the name under which its models are reported.
func makeProber(_ kind: BackendKind, engine: String) -> any EngineProber {
    switch kind {
    case .ollama: OllamaProber(engine: engine)
    case .llamacpp: LlamaProber(engine: engine)
    case .vllm: VLLMProber(engine: engine)
    case .lmstudio: LMStudioProber(engine: engine)
    case .openai: OpenAIProber(engine: engine)
    }
}
