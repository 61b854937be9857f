import Gossip
import Outbound

/// Probes llama.cpp's server: `/health` and `/slots` each time, `/v1/models` and `/props` in a full probe.
struct LlamaProber: EngineProber {
    private let engine: String
    private var facts = EngineFacts()
    private var hasSlots = true

    init(engine: String) { self.engine = engine }

    mutating func probe(full: Bool, with caller: EngineCaller) async throws(BackendProblem) -> EngineFacts {
        let health = try await caller.get("/health")
        if health.status == 503, EngineGuess.isLlama(health.header("Server")) || health.text.contains("Loading model") {
            throw BackendProblem(.loading, "\(caller.address.url) still loads its model.")
        }
        guard health.decoded(LlamaAnswers.Health.self)?.status != nil else {
            throw await EngineGuess.problem(.llamacpp, with: caller, detail: "GET /health gave status \(health.status)")
        }
        if full { try await readLists(health, with: caller) }
        await readSlots(with: caller)
        return facts
    }

    private mutating func readLists(_ health: OutboundResponse, with caller: EngineCaller) async throws(BackendProblem) {
        let answer = try await caller.get("/v1/models")
        // `--no-props` and proxies in front may hide the second.
        let props = try await caller.get("/props").decoded(LlamaAnswers.Props.self)
        guard let models = answer.decoded(OpenAIAnswers.Models.self)?.data?.items,
            EngineGuess.isLlama(health.header("Server")) || models.contains(where: { $0.owned_by == "llamacpp" })
                || props?.total_slots != nil
        else { throw await EngineGuess.problem(.llamacpp, with: caller, detail: "GET /v1/models gave status \(answer.status)") }
        var next = EngineFacts(version: String((props?.build_info ?? "").prefix(64)))
        next.slots = props?.total_slots.map { min(max(1, $0), 1024) }
        for model in models where (1...512).contains(model.id.utf8.count) {
            next.available.append(available(model, props))
            for alias in model.aliases?.prefix(16) ?? [] where !alias.isEmpty && alias.utf8.count <= 512 {
                next.aliases[ModelKey.canonical(alias)] = model.id
            }
            // Without a status it is the one model that the server was started with.
            guard model.status?.value ?? "loaded" == "loaded", props?.is_sleeping != true else { continue }
            let loaded = LoadedModel(
                name: model.id, backend: engine, sizeBytes: max(0, model.meta?.size ?? 0), contextLength: model.meta?.n_ctx)
            next.loaded.append(EngineFacts.Loaded(model: loaded))
        }
        next.loaded.sort { $0.model.name < $1.model.name }
        facts = next
        hasSlots = true
    }

    private func available(_ entry: OpenAIAnswers.Model, _ props: LlamaAnswers.Props?) -> AvailableModel {
        var model = AvailableModel(name: entry.id, backend: engine)
        model.sizeBytes = max(0, entry.meta?.size ?? 0)
        model.format = "gguf"
        model.quantization = String((entry.meta?.ftype ?? "").prefix(64))
        model.parameterSize = entry.meta?.n_params.map(Self.parameters) ?? ""
        model.contextLength = entry.meta?.n_ctx_train
        model.capabilities = ["completion"]
        if props?.chat_template_caps?.supports_tools == true { model.capabilities.append("tools") }
        if props?.modalities?.vision == true || entry.architecture?.input_modalities?.contains("image") == true {
            model.capabilities.append("vision")
        }
        if props?.modalities?.audio == true || entry.architecture?.input_modalities?.contains("audio") == true {
            model.capabilities.append("audio")
        }
        return model
    }

    /// 7615616512 → `7.6B`.
    static func parameters(_ count: Double) -> String {
        guard count.isFinite, count > 0 else { return "" }
        for (size, letter) in [(1e12, "T"), (1e9, "B"), (1e6, "M")] where count >= size {
            let tenths = (count / size * 10).rounded()
            guard tenths < 1e6 else { return "" }
            return "\(Int(tenths) / 10).\(Int(tenths) % 10)\(letter)"
        }
        return "\(Int(count / 1000))K"
    }

    /// `/slots` waits for the batch that is being computed: an answer that stays away is no sign of trouble. It is not waited for
    /// longer than half a second.
    private mutating func readSlots(with caller: EngineCaller) async {
        var caller = caller
        caller.timeout = min(caller.timeout, .milliseconds(500))
        guard hasSlots, let answer = try? await caller.get("/slots") else { return }
        guard let slots = answer.decoded(LossyList<LlamaAnswers.Slot>.self)?.items, !slots.isEmpty else {
            hasSlots = false
            return
        }
        facts.busySlots = slots.count { $0.is_processing == true }
        if facts.slots == nil { facts.slots = min(slots.count, 1024) }
    }
}
