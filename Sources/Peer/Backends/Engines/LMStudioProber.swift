import Gossip
import Outbound

/// Probes LM Studio: `/api/v0/models` says what is loaded. Where that is missing, `/v1/models` says only what there is.
struct LMStudioProber: EngineProber {
    private let engine: String

    init(engine: String) { self.engine = engine }

    mutating func probe(full: Bool, with caller: EngineCaller) async throws(BackendProblem) -> EngineFacts {
        // It answers 200 to routes that it does not have, with an error in the body: without `data` it is no list.
        let own = try await caller.get("/api/v0/models").decoded(OpenAIAnswers.Models.self)?.data?.items
        if let own { return facts(own) }
        let answer = try await caller.get("/v1/models")
        guard let models = answer.decoded(OpenAIAnswers.Models.self)?.data?.items, !EngineGuess.isLlama(answer.header("Server")),
            models.allSatisfy({ $0.owned_by != "vllm" && $0.owned_by != "library" })
        else { throw await EngineGuess.problem(.lmstudio, with: caller, detail: "GET /v1/models gave status \(answer.status)") }
        return facts(models)
    }

    private func facts(_ entries: [OpenAIAnswers.Model]) -> EngineFacts {
        var facts = EngineFacts()
        for entry in entries where (1...512).contains(entry.id.utf8.count) {
            var model = AvailableModel(name: entry.id, backend: engine)
            model.format = String((entry.compatibility_type ?? "").prefix(64))
            model.family = String((entry.arch ?? "").prefix(64))
            model.quantization = String((entry.quantization ?? "").prefix(64))
            model.contextLength = entry.max_context_length
            switch entry.type {
            case "embeddings": model.capabilities = ["embedding"]
            case "vlm": model.capabilities = ["completion", "vision"]
            case "llm": model.capabilities = ["completion"]
            default: break
            }
            facts.available.append(model)
            guard entry.state == "loaded" else { continue }
            let context = entry.loaded_context_length ?? entry.max_context_length
            facts.loaded.append(.init(model: LoadedModel(name: entry.id, backend: engine, contextLength: context)))
        }
        facts.loaded.sort { $0.model.name < $1.model.name }
        return facts
    }
}
