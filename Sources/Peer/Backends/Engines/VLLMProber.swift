import Gossip
import Outbound

/// Probes vLLM: `/health` each time, `/version` and `/v1/models` in a full probe. What it lists is loaded.
struct VLLMProber: EngineProber {
    private let engine: String
    private var facts = EngineFacts()

    init(engine: String) { self.engine = engine }

    mutating func probe(full: Bool, with caller: EngineCaller) async throws(BackendProblem) -> EngineFacts {
        let health = try await caller.get("/health")
        guard health.status == 200 else {
            if health.status >= 500 {
                throw BackendProblem(
                    .broken, "\(caller.address.url) says that it is not well: GET /health gave status \(health.status).")
            }
            throw await EngineGuess.problem(.vllm, with: caller, detail: "GET /health gave status \(health.status)")
        }
        guard full else { return facts }
        let answer = try await caller.get("/v1/models")
        let version = try await caller.get("/version").decoded(OllamaAnswers.Version.self)?.version
        guard let models = answer.decoded(OpenAIAnswers.Models.self)?.data?.items, !EngineGuess.isLlama(answer.header("Server")),
            version != nil || models.contains(where: { $0.owned_by == "vllm" })
        else { throw await EngineGuess.problem(.vllm, with: caller, detail: "GET /v1/models gave status \(answer.status)") }
        facts = EngineFacts(version: String((version ?? "").prefix(64)))
        for entry in models where (1...512).contains(entry.id.utf8.count) {
            var model = AvailableModel(name: entry.id, backend: engine)
            model.parentModel = String((entry.parent ?? "").prefix(128))
            model.contextLength = entry.max_model_len
            facts.available.append(model)
            facts.loaded.append(.init(model: LoadedModel(name: entry.id, backend: engine, contextLength: entry.max_model_len)))
        }
        facts.loaded.sort { $0.model.name < $1.model.name }
        return facts
    }
}
