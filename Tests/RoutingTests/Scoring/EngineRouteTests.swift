import Gossip
import Routing
import Testing

/// What only some engines have routes for, and only some models can do.
@Suite struct EngineRouteTests {
    struct Case: Sendable {
        var engine: BackendKind
        var version = ""
        var can: [String] = []
        var kind: InferenceKind
        var reason: Elimination?
    }

    @Test(arguments: [
        Case(engine: .ollama, version: "0.20.0", can: ["completion", "audio"], kind: .transcribe),
        Case(engine: .ollama, version: "v0.20.0-rc1", can: ["audio"], kind: .transcribe),
        Case(engine: .ollama, version: "1.0", can: ["audio"], kind: .transcribe),
        Case(engine: .ollama, version: "0.19.9", can: ["audio"], kind: .transcribe, reason: .wrongDialect),
        Case(engine: .ollama, can: ["audio"], kind: .transcribe, reason: .wrongDialect),
        Case(engine: .ollama, version: "0.33.0", can: ["completion"], kind: .transcribe, reason: .missingCapability),
        Case(engine: .ollama, version: "0.32.9", can: ["image"], kind: .image),
        Case(engine: .ollama, version: "0.33.0", can: ["image"], kind: .image, reason: .wrongDialect),
        Case(engine: .ollama, version: "1.0.0", can: ["image"], kind: .image, reason: .wrongDialect),
        Case(engine: .ollama, version: "0.15.0", can: ["vision", "completion"], kind: .image, reason: .missingCapability),
        Case(engine: .ollama, version: "0.33.0", kind: .rerank, reason: .wrongDialect),
        Case(engine: .ollama, version: "0.33.0", kind: .speak, reason: .wrongDialect),
        Case(engine: .ollama, version: "0.35.0", can: ["decision"], kind: .decide),
        Case(engine: .ollama, version: "0.35.0", kind: .decide, reason: .missingCapability),
        Case(engine: .llamacpp, can: ["completion"], kind: .rerank),
        Case(engine: .llamacpp, can: ["completion"], kind: .transcribe, reason: .missingCapability),
        Case(engine: .llamacpp, can: ["completion", "audio"], kind: .transcribe),
        Case(engine: .llamacpp, kind: .speak, reason: .wrongDialect),
        Case(engine: .ollama, version: "0.33.0", can: ["audio"], kind: .translate, reason: .wrongDialect),
        Case(engine: .vllm, kind: .translate),
        Case(engine: .openai, can: ["completion"], kind: .translate, reason: .missingCapability),
        Case(engine: .vllm, kind: .transcribe), Case(engine: .vllm, kind: .rerank),
        Case(engine: .vllm, kind: .image, reason: .wrongDialect),
        Case(engine: .lmstudio, can: ["completion"], kind: .rerank, reason: .wrongDialect),
        Case(engine: .openai, kind: .image), Case(engine: .openai, kind: .speak), Case(engine: .openai, kind: .rerank),
        Case(engine: .openai, kind: .embedImage, reason: .wrongDialect),
        Case(engine: .ollama, can: ["image"], kind: .chat, reason: .missingCapability),
        Case(engine: .ollama, can: ["image"], kind: .generate),
        Case(engine: .openai, can: ["rerank"], kind: .chat, reason: .missingCapability),
    ])
    func routesAndModels(_ one: Case) {
        let ranking = rank(RouteRequest(model: "m", kind: one.kind), [machine(one)])
        #expect(ranking.order == (one.reason == nil ? [1] : []))
        #expect(ranking.reason(1) == one.reason)
    }

    /// Defect D9 of herd-compat: capability is a hard filter in every branch, also where another model stands in.
    @Test(arguments: ["images", "audio"]) func defectD9NoFallbackCrossesACapability(what: String) {
        var request = RouteRequest(model: "sees", kind: .chat)
        request.hasImages = what == "images"
        request.hasAudio = what == "audio"
        request.fallbackModels = ["blind", "able"]
        let fleet = [machine(Case(engine: .ollama, can: ["completion"], kind: .chat), name: "blind")]
        #expect(rank(request, fleet).order.isEmpty)
        let able = machine(Case(engine: .ollama, can: ["completion", "vision", "audio"], kind: .chat), name: "able", number: 2)
        #expect(rank(request, fleet + [able]).order == [2])
    }

    private func machine(_ one: Case, name: String = "m", number: UInt64 = 1) -> MemberView {
        RoutingTests.machine(number) { member in
            member.models?.backends = [
                BackendReport(id: "engine", kind: one.engine, version: one.version, reachable: true)
            ]
            member.models?.available = [listed(name, on: "engine", gigabytes: 1, can: one.can)]
        }
    }
}
