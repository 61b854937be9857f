import Gossip
import Outbound

/// Probes an engine of which only OpenAI's routes are known: `/v1/models`. What it lists counts as loaded: such engines serve
/// what they were started with.
struct OpenAIProber: EngineProber {
    private let engine: String

    init(engine: String) { self.engine = engine }

    mutating func probe(full: Bool, with caller: EngineCaller) async throws(BackendProblem) -> EngineFacts {
        let answer = try await caller.get("/v1/models")
        if answer.status == 403 {
            throw BackendProblem(
                .unauthorized,
                "\(caller.address.url) does not let this machine in (status 403): is its key missing, or a wrong one?")
        }
        guard let list = answer.decoded(OpenAIAnswers.Models.self), list.object == "list" || list.data != nil else {
            throw await EngineGuess.problem(.openai, with: caller, detail: "GET /v1/models gave status \(answer.status)")
        }
        var facts = EngineFacts()
        for entry in list.data?.items ?? [] where (1...512).contains(entry.id.utf8.count) {
            var model = AvailableModel(name: entry.id, backend: engine)
            model.contextLength = entry.max_model_len ?? entry.meta?.n_ctx_train
            facts.available.append(model)
            let context = entry.max_model_len ?? entry.meta?.n_ctx
            facts.loaded.append(.init(model: LoadedModel(name: entry.id, backend: engine, contextLength: context)))
        }
        facts.loaded.sort { $0.model.name < $1.model.name }
        return facts
    }
}
