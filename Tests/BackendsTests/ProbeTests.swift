import Gossip
import HTTPStub
import Outbound
import Testing

@testable import Backends

/// Each kind of engine against recorded answers.
@Suite struct ProbeTests {
    private func caller(_ engine: Engine) -> EngineCaller {
        EngineCaller(client: OutboundClient(), address: BackendAddress(host: "127.0.0.1", port: engine.stub.port))
    }

    private func problem(_ kind: BackendKind, _ engine: Engine) async -> BackendProblem? {
        var prober = makeProber(kind, engine: "x")
        do throws(BackendProblem) {
            _ = try await prober.probe(full: true, with: caller(engine))
            return nil
        } catch {
            return error
        }
    }

    @Test func ollama() async throws {
        let engine = try Engine.ollama()
        var prober = OllamaProber(engine: "ollama")
        let first = try await prober.probe(full: true, with: caller(engine))
        #expect(first.version == "0.33.0-rc2")
        #expect(first.available.map(\.name) == ["tiny-think:latest", "tiny:latest", "tiny-go:latest", "tiny-embed:latest"])
        let tiny = try #require(first.available.first { $0.name == "tiny:latest" })
        #expect(tiny.digest == "a6fa019af15228e145e5654d9dfa6eddf6788eaf9690cfa9c40693a8c14f7a50")
        #expect(tiny.sizeBytes == 1_275_177)
        #expect(tiny.family == "llama")
        #expect(tiny.parameterSize == "316K")
        #expect(tiny.capabilities == ["completion"])
        #expect(tiny.contextLength == 8192)
        #expect(first.loaded.map(\.model.name) == ["tiny-think:latest", "tiny:latest"])
        #expect(first.loaded.map(\.model.contextLength) == [4096, 4096])
        #expect(first.loaded.last?.model.sizeBytes == 8_870_952)
        #expect(first.loaded.last?.model.vramBytes == 0)
        #expect(first.loaded.last?.expiresAt == 1_735_690_515)
        // What /api/show says of capabilities wins over the list.
        let second = try #require(await prober.learn(with: caller(engine)))
        #expect(second.available.first { $0.name == "tiny:latest" }?.capabilities.sorted() == ["completion", "tools"])
        #expect(await prober.learn(with: caller(engine)) == nil)
        #expect(engine.count("POST /api/show") == 4)
        #expect(engine.stub.log.contains { $0.body == #"{"model":"tiny:latest"}"# })
    }

    @Test func showIsAskedOncePerDigest() async throws {
        let engine = try Engine.ollama()
        var prober = OllamaProber(engine: "ollama")
        for _ in 0..<3 {
            _ = try await prober.probe(full: true, with: caller(engine))
            while await prober.learn(with: caller(engine)) != nil {}
        }
        #expect(engine.count("POST /api/show") == 4)
        // Two names of the same weights, and one new model: one more question.
        engine.set(
            "GET /api/tags",
            .json(
                #"""
                {"models":[{"name":"new:latest","digest":"n1"},{"name":"newer:latest","digest":"n1"},
                {"name":"tiny:latest","digest":"a6fa019af15228e145e5654d9dfa6eddf6788eaf9690cfa9c40693a8c14f7a50"}]}
                """#))
        _ = try await prober.probe(full: true, with: caller(engine))
        while await prober.learn(with: caller(engine)) != nil {}
        #expect(engine.count("POST /api/show") == 5)
    }

    @Test func aFailingShowIsAskedAgainWithTheNextFullProbeOnly() async throws {
        let engine = try Engine.ollama()
        engine.set("POST /api/show", try Golden.answer("ollama/err-show-unknown"))
        var prober = OllamaProber(engine: "ollama")
        _ = try await prober.probe(full: true, with: caller(engine))
        while await prober.learn(with: caller(engine)) != nil {}
        _ = try await prober.probe(full: false, with: caller(engine))
        #expect(await prober.learn(with: caller(engine)) == nil)
        #expect(engine.count("POST /api/show") == 4)
        _ = try await prober.probe(full: true, with: caller(engine))
        #expect(await prober.learn(with: caller(engine)) != nil)
    }

    @Test func aLightProbeAsksOneThingUnlessAnUnknownModelIsLoaded() async throws {
        let engine = try Engine.ollama()
        var prober = OllamaProber(engine: "ollama")
        _ = try await prober.probe(full: true, with: caller(engine))
        let before = engine.stub.lines.count
        _ = try await prober.probe(full: false, with: caller(engine))
        #expect(engine.stub.lines.dropFirst(before) == ["GET /api/ps"])
        engine.set("GET /api/ps", .json(#"{"models":[{"name":"fresh:latest","digest":"f"}]}"#))
        let facts = try await prober.probe(full: false, with: caller(engine))
        #expect(engine.stub.lines.suffix(2) == ["GET /api/ps", "GET /api/tags"])
        #expect(facts.loaded.map(\.model.name) == ["fresh:latest"])
    }

    @Test func oddEntriesDoNotHideTheOthers() async throws {
        let engine = try Engine.ollama()
        let long = String(repeating: "n", count: 600)
        engine.set(
            "GET /api/tags",
            .json(
                #"{"models":[null,7,{"name":3},{"size":1},{"name":"\#(long)"},"#
                    + #"{"name":"good","size":-5,"details":null,"capabilities":null}]}"#
            ))
        engine.set(
            "GET /api/ps",
            .json(#"{"models":[{"name":"good","size":10,"size_vram":99,"expires_at":"soon","context_length":-1}]}"#))
        var prober = OllamaProber(engine: "ollama")
        let facts = try await prober.probe(full: true, with: caller(engine))
        #expect(facts.available.map(\.name) == ["good"])
        #expect(facts.available.first?.sizeBytes == 0)
        #expect(
            facts.loaded == [
                .init(model: LoadedModel(name: "good", backend: "ollama", sizeBytes: 10, vramBytes: 10), expiresAt: nil)
            ])
    }

    @Test func ollamaWithoutModels() async throws {
        let engine = try Engine.ollama()
        engine.set("GET /api/tags", .json(#"{"models":null}"#))
        engine.set("GET /api/ps", try Golden.answer("ollama/ps-empty"))
        var prober = OllamaProber(engine: "ollama")
        #expect(try await prober.probe(full: true, with: caller(engine)) == EngineFacts(version: "0.33.0-rc2"))
    }

    @Test func llama() async throws {
        let engine = try Engine.llama()
        var prober = LlamaProber(engine: "llamacpp")
        let facts = try await prober.probe(full: true, with: caller(engine))
        #expect(facts.version == "b0-unknown")
        #expect(facts.slots == 1)
        #expect(facts.busySlots == 0)
        #expect(facts.available.map(\.name) == ["tiny"])
        #expect(facts.available.first?.capabilities == ["completion", "tools"])
        #expect(facts.available.first?.contextLength == 8192)
        #expect(facts.available.first?.parameterSize == "315K")
        #expect(facts.available.first?.quantization == "all F32")
        #expect(
            facts.loaded == [
                .init(model: LoadedModel(name: "tiny", backend: "llamacpp", sizeBytes: 1_262_080, contextLength: 8192))
            ])
        #expect(facts.aliases == ["tiny:latest": "tiny"])
        engine.set("GET /slots", try Golden.answer("llamacpp/busy", part: "slots"))
        #expect(try await prober.probe(full: false, with: caller(engine)).busySlots == 1)
        #expect(engine.stub.lines.suffix(2) == ["GET /health", "GET /slots"])
    }

    @Test func llamaWithoutSlotsAndWhileLoading() async throws {
        let engine = try Engine.llama()
        engine.set("GET /slots", .json(#"{"error":{"code":501,"message":"off","type":"not_supported_error"}}"#, status: 501))
        var prober = LlamaProber(engine: "llamacpp")
        #expect(try await prober.probe(full: true, with: caller(engine)).busySlots == nil)
        _ = try await prober.probe(full: false, with: caller(engine))
        #expect(engine.count("GET /slots") == 1)
        let loading = #"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#
        engine.set("GET /health", .json(loading, status: 503, headers: ["Server": "llama.cpp"]))
        #expect(await problem(.llamacpp, engine)?.cause == .loading)
    }

    @Test(arguments: [
        (7_615_616_512, "7.6B"), (315_520, "315K"), (2_000_000, "2.0M"), (1.2e12, "1.2T"), (0, ""), (-1, ""), (1e300, ""),
    ])
    func parameterCounts(_ count: Double, _ text: String) { #expect(LlamaProber.parameters(count) == text) }

    @Test func vllm() async throws {
        let engine = try Engine.vllm()
        var prober = VLLMProber(engine: "vllm")
        let facts = try await prober.probe(full: true, with: caller(engine))
        #expect(facts.version == "0.11.0")
        #expect(facts.available.map(\.name) == ["Qwen/Qwen3-8B", "sql"])
        #expect(facts.available.map(\.parentModel) == ["", "Qwen/Qwen3-8B"])
        #expect(facts.loaded.map(\.model.contextLength) == [40960, nil])
        let before = engine.stub.lines.count
        #expect(try await prober.probe(full: false, with: caller(engine)) == facts)
        #expect(engine.stub.lines.dropFirst(before) == ["GET /health"])
    }

    @Test func lmStudio() async throws {
        let engine = try Engine.lmStudio()
        var prober = LMStudioProber(engine: "lmstudio")
        let facts = try await prober.probe(full: true, with: caller(engine))
        #expect(facts.available.map(\.capabilities) == [["completion"], ["embedding"]])
        #expect(facts.loaded.map(\.model) == [LoadedModel(name: "qwen2.5-7b", backend: "lmstudio", contextLength: 4096)])
        // Old versions know only OpenAI's list, and answer 200 to the rest.
        engine.set("GET /api/v0/models", .json(#"{"error":"Unexpected endpoint"}"#))
        engine.set("GET /v1/models", .json(#"{"object":"list","data":[{"id":"a","object":"model"}]}"#))
        let old = try await prober.probe(full: true, with: caller(engine))
        #expect(old.available.map(\.name) == ["a"])
        #expect(old.loaded.isEmpty)
    }

    @Test func anyOpenAIEngine() async throws {
        let engine = try Engine(["GET /v1/models": .json(#"{"object":"list","data":[{"id":"m","max_model_len":100}]}"#)])
        var prober = OpenAIProber(engine: "openai")
        let facts = try await prober.probe(full: true, with: caller(engine))
        #expect(facts.loaded.map(\.model) == [LoadedModel(name: "m", backend: "openai", contextLength: 100)])
        engine.set("GET /v1/models", .json(#"{"error":"no key"}"#, status: 401))
        #expect(await problem(.openai, engine)?.cause == .unauthorized)
    }
}
