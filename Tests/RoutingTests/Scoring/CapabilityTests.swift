import Gossip
import Routing
import Testing

/// What a model must be able to do, and which engine has it in memory.
@Suite struct CapabilityTests {
    struct Case: Sendable {
        var can: [String]
        var kind: InferenceKind = .chat
        var images = false
        var tools = false
        var passes: Bool
    }

    @Test(arguments: [
        Case(can: [], passes: true),
        Case(can: [], kind: .embed, images: true, tools: true, passes: true),
        Case(can: ["completion"], passes: true),
        Case(can: ["completion"], kind: .generate, passes: true),
        Case(can: ["completion", "tools"], kind: .embed, passes: false),
        Case(can: ["embedding"], kind: .embed, passes: true),
        Case(can: ["embedding"], passes: false),
        Case(can: ["embedding"], kind: .generate, passes: false),
        Case(can: ["completion", "embedding"], kind: .embed, passes: true),
        Case(can: ["completion", "embedding"], passes: true),
        Case(can: ["completion"], images: true, passes: false),
        Case(can: ["completion", "vision"], images: true, passes: true),
        Case(can: ["completion"], tools: true, passes: false),
        Case(can: ["completion", "tools"], tools: true, passes: true),
        Case(can: ["completion", "tools"], images: true, tools: true, passes: false),
        Case(can: ["thinking"], passes: true),
    ])
    func capabilities(_ one: Case) {
        var request = RouteRequest(model: "small:7b", kind: one.kind)
        request.hasImages = one.images
        request.hasTools = one.tools
        let ranking = rank(request, [machine(1) { $0.models?.available = [listed("small:7b", gigabytes: 5, can: one.can)] }])
        #expect(ranking.order == (one.passes ? [1] : []))
        #expect(ranking.reason(1) == (one.passes ? nil : .missingCapability))
    }

    /// Its list names `completion` whatever the model does.
    @Test func llamaCppsListRefusesOnlyImages() {
        func fleet(_ can: [String]) -> [MemberView] {
            [
                machine(1) {
                    $0.models?.backends = [BackendReport(id: "llama", kind: .llamacpp, reachable: true)]
                    $0.models?.available = [listed("small:7b", on: "llama", can: can)]
                }
            ]
        }
        var tools = chat("small:7b")
        tools.hasTools = true
        #expect(rank(tools, fleet(["completion"])).order == [1])
        let embed = RouteRequest(model: "small:7b", kind: .embed)
        #expect(rank(embed, fleet(["completion"])).order == [1])
        var images = chat("small:7b")
        images.hasImages = true
        #expect(rank(images, fleet(["completion"])).reason(1) == .missingCapability)
        #expect(rank(images, fleet(["completion", "multimodal"])).order == [1])
    }

    @Test(arguments: [(BackendKind.llamacpp, true), (.vllm, true), (.openai, true), (.lmstudio, false), (.ollama, false)])
    func anEngineThatListsOnlyWhatIsLoaded(kind: BackendKind, loaded: Bool) throws {
        func engine(_ change: (inout MemberView) -> Void) -> [MemberView] {
            [
                machine(1) {
                    $0.models?.backends = [BackendReport(id: "one", kind: kind, reachable: true)]
                    $0.models?.available = [listed("a:7b", on: "one", gigabytes: 5), listed("b:7b", on: "one", gigabytes: 5)]
                    change(&$0)
                }
            ]
        }
        #expect(try #require(rank(chat("a:7b"), engine { _ in }).signals(1)).thermal == (loaded ? 50 : 10))
        // A list of loaded models decides for its own engine, and for no other.
        let says = engine { $0.load("b:7b", on: "one") }
        #expect(try #require(rank(chat("a:7b"), says).signals(1)).thermal == 10)
        #expect(try #require(rank(chat("b:7b"), says).signals(1)).thermal == 50)
        let other = engine { $0.load("b:7b", on: "two") }
        #expect(try #require(rank(chat("a:7b"), other).signals(1)).thermal == (loaded ? 50 : 10))
    }

    @Test func anotherTagOfTheSameWeightsIsLoaded() throws {
        let twoTags = machine(1) {
            $0.models?.available = ["x:a", "x:b", "x:c"].map { listed($0, gigabytes: 5) }
            $0.models?.available[0].digest = "d1"
            $0.models?.available[1].digest = "d1"
            $0.models?.available[2].digest = "d2"
            $0.models?.loaded = [LoadedModel(name: "x:a", backend: "ollama", digest: "d1", contextLength: 4096)]
        }
        let ranking = rank(chat("x:b"), [twoTags])
        #expect(try #require(ranking.candidate(1)).servedModel == "x:b")
        #expect(try #require(ranking.signals(1)).thermal == 50)
        #expect(try #require(rank(chat("x:c"), [twoTags]).signals(1)).thermal == 10)
    }

    @Test func namesAreComparedCanonically() throws {
        let fleet = [machine(1) { $0.models?.available = [listed("Tiny:latest", gigabytes: 1)] }]
        for name in ["tiny", "TINY", "tiny:latest", "Tiny:Latest"] {
            #expect(try #require(rank(chat(name), fleet).candidate(1)).servedModel == "Tiny:latest")
        }
        #expect(rank(chat("tiny:1b"), fleet).reason(1) == .modelMissing)
    }

    @Test func theBestEngineOfAMachineIsTaken() throws {
        var two = machine(1) {
            $0.models?.backends.append(BackendReport(id: "vllm", kind: .vllm, reachable: true))
            $0.models?.available.append(listed("small:7b", on: "vllm", gigabytes: 15))
        }
        #expect(try #require(rank(chat("small:7b"), [two]).candidate(1)).backend == "vllm", "loaded wins")
        var native = chat()
        native.prefersOllama = true
        #expect(try #require(rank(native, [two]).candidate(1)).backend == "vllm", "loaded goes before a dialect of one's own")
        two.load("small:7b")
        #expect(try #require(rank(native, [two]).candidate(1)).backendKind == .ollama, "of two loaded ones the dialect decides")
    }

    @Test func aLoadedModelThatNobodyListsIsServed() {
        #expect(rank(chat("ghost:1b"), [machine(1) { $0.load("ghost:1b") }]).order == [1])
    }

    @Test func modelsOfUnknownEnginesAreIgnored() {
        let ranking = rank(chat("ghost:1b"), [machine(1) { $0.load("ghost:1b", on: "nowhere") }])
        #expect(ranking.reason(1) == .modelMissing)
        #expect(!ranking.modelKnown)
    }
}
