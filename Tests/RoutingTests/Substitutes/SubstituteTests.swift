import Gossip
import Routing
import Testing

/// Models in memory that answer for one that is not (herd-compat §6.4), and what is never crossed by it.
@Suite struct SubstituteTests {
    /// A machine with models on disk, some of them in memory.
    private func fleet(
        _ number: UInt64 = 1, loaded: [(String, [String])], cold: [(String, Double)] = [], context: Int = 4096,
        _ change: (inout MemberView) -> Void = { _ in }
    ) -> MemberView {
        machine(number) { member in
            member.models?.available = loaded.map { listed($0.0, gigabytes: 6, can: $0.1) }
            for (name, size) in cold {
                member.models?.available.append(listed(name, gigabytes: size, can: ["completion", "tools", "vision"]))
            }
            for (name, _) in loaded { member.load(name, context: context) }
            change(&member)
        }
    }

    private func request(
        _ model: String = "asked:7b", _ substitution: Substitution = .always, _ change: (inout RouteRequest) -> Void = { _ in }
    ) -> RouteRequest {
        var request = chat(model)
        request.substitution = substitution
        change(&request)
        return request
    }

    private func served(_ request: RouteRequest, _ members: [MemberView]) -> [String] {
        rank(request, members).candidates.map { "\($0.peer.short) \($0.servedModel)" }
    }

    @Test func inPlaceOfLoadingWhereThatIsAllowed() {
        let members = [fleet(loaded: [("other:7b", ["completion"])], cold: [("asked:7b", 5)])]
        #expect(served(request(), members) == ["1 other:7b"])
        #expect(served(request("asked:7b", .unservable), members) == ["1 asked:7b"])
        #expect(served(request("asked:7b", .never), members) == ["1 asked:7b"])
        // In memory is in memory.
        let hot = members + [fleet(2, loaded: [("asked:7b", ["completion"])])]
        #expect(served(request(), hot).first == "2 asked:7b")
    }

    @Test func whatFitsNowhereIsAnsweredByWhatIsThere() {
        let members = [fleet(loaded: [("other:7b", ["completion"])], cold: [("asked:400b", 400)])]
        #expect(served(request("asked:400b", .unservable), members) == ["1 other:7b"])
        #expect(served(request("asked:400b", .always), members) == ["1 other:7b"])
        #expect(served(request("asked:400b", .never), members) == [])
        // Memory so short that nothing may be loaded.
        let critical = [fleet(loaded: [("other:7b", ["completion"])], cold: [("asked:7b", 5)]) { $0.hot?.pressure = .critical }]
        #expect(served(request("asked:7b", .unservable), critical) == ["1 other:7b"])
    }

    /// A name that nobody has is a slip, a machine that is away may come back: neither is a lack of room.
    @Test func otherReasonsAreNone() {
        let other = fleet(loaded: [("other:7b", ["completion"])])
        #expect(served(request("nobodys:7b", .always), [other]) == [])
        let away = fleet(2, loaded: [], cold: [("asked:7b", 5)]) { $0.status = .unreachable }
        #expect(served(request("asked:7b", .unservable), [other, away]) == [])
        #expect(served(request("asked:7b", .always), [other, away]) == [])
        let draining = fleet(2, loaded: [], cold: [("asked:7b", 5)]) { $0.hot?.draining = true }
        #expect(served(request("asked:7b", .always), [other, draining]) == [])
    }

    struct Case: Sendable {
        var can: [String]
        var images = false
        var tools = false
        var thoughts = false
        var fills = false
        var kind = InferenceKind.chat
        var passes: Bool
    }

    /// D9: a capability is never crossed, and what an engine does not say is not assumed.
    @Test(arguments: [
        Case(can: ["completion"], passes: true), Case(can: [], passes: false), Case(can: ["embedding"], passes: false),
        Case(can: ["completion"], images: true, passes: false), Case(can: ["completion", "vision"], images: true, passes: true),
        Case(can: ["completion"], tools: true, passes: false), Case(can: ["completion", "tools"], tools: true, passes: true),
        Case(can: ["completion", "tools"], images: true, tools: true, passes: false),
        Case(can: ["completion"], thoughts: true, passes: false),
        Case(can: ["completion", "thinking"], thoughts: true, passes: true),
        Case(can: ["completion"], fills: true, kind: .generate, passes: false),
        Case(can: ["completion", "insert"], fills: true, kind: .generate, passes: true),
        Case(can: ["completion", "embedding"], kind: .embed, passes: false),
        Case(can: ["embedding"], kind: .embed, passes: false),
    ])
    func d9CapabilitiesAreNeverCrossed(_ one: Case) {
        for substitution in [Substitution.always, .unservable] {
            var asked = RouteRequest(model: "asked:400b", kind: one.kind)
            asked.substitution = substitution
            asked.hasImages = one.images
            asked.hasTools = one.tools
            asked.wantsThoughts = one.thoughts
            asked.fillsIn = one.fills
            let member = fleet(loaded: [("other:7b", one.can)]) { member in
                member.models?.available.append(listed("asked:400b", gigabytes: 400))
            }
            #expect(served(asked, [member]) == (one.passes ? ["1 other:7b"] : []))
        }
    }

    /// D9: the model that was asked for cannot see: no other one is taken for that.
    @Test func d9ABlindModelIsNotReplaced() {
        let member = fleet(loaded: [("seeing:7b", ["completion", "vision"])]) { member in
            member.models?.available.append(listed("asked:400b", gigabytes: 400, can: ["completion"]))
        }
        #expect(served(request("asked:400b") { $0.hasImages = true }, [member]) == [])
    }

    @Test func modelsOfTheSameKindGoFirst() {
        let two = fleet(
            loaded: [("another:7b", ["completion"]), ("starcoder:7b", ["completion"])],
            cold: [("qwen-coder:400b", 400), ("asked:400b", 400)])
        #expect(served(request("qwen-coder:400b"), [two]) == ["1 starcoder:7b"])
        #expect(served(request("asked:400b"), [two]) == ["1 another:7b"])
    }

    /// A substitute is never loaded for it, wherever else it is on disk.
    @Test func onlyMachinesWithItInMemory() {
        let members = [
            fleet(1, loaded: [("other:7b", ["completion"])], cold: [("asked:7b", 5)]),
            fleet(2, loaded: [], cold: [("other:7b", 6)]),
        ]
        #expect(served(request(), members) == ["1 other:7b"])
    }

    @Test func theScoreDecidesAmongMachines() {
        let busy = fleet(1, loaded: [("other:7b", ["completion"])], cold: [("asked:7b", 5)]) { $0.busy("other:7b", inFlight: 5) }
        #expect(served(request(), [busy, fleet(2, loaded: [("third:7b", ["completion"])])]) == ["2 third:7b"])
    }

    /// D23: with the larger context its machine is chosen too.
    @Test func d23ModelAndMachineAreChosenTogether() {
        let small = fleet(1, loaded: [("asked:7b", ["completion"])], context: 4096)
        let large = machine(2) { member in
            member.models?.available = [listed("large:30b", gigabytes: 20, can: ["completion"])]
            member.load("large:30b", gigabytes: 20, context: 32_768)
        }
        let larger = machine(3) { member in
            member.models?.available = [listed("huge:70b", gigabytes: 45, can: ["completion"])]
            member.load("huge:70b", gigabytes: 45, context: 65_536)
        }
        func wants(_ context: Int, _ substitution: Substitution = .always) -> [String] {
            served(request("asked:7b", substitution) { $0.requestedContext = context }, [small, large, larger])
        }
        #expect(wants(4096) == ["1 asked:7b"])
        #expect(wants(16_384) == ["2 large:30b"], "the smallest that is larger")
        #expect(wants(65_536) == ["3 huge:70b"])
        #expect(wants(65_537) == ["1 asked:7b"], "nobody has so much: the model is loaded anew")
        #expect(wants(16_384, .unservable) == ["1 asked:7b"])
        #expect(wants(16_384, .never) == ["1 asked:7b"])
    }

    @Test func aContextThatTheEngineCutsDownNeedsNoLargerModel() {
        let small = fleet(1, loaded: [("asked:7b", ["completion"])], context: 8192) {
            $0.models?.available[0].contextLength = 8192
        }
        let large = machine(2) { member in
            member.models?.available = [listed("large:30b", gigabytes: 20, can: ["completion"])]
            member.load("large:30b", gigabytes: 20, context: 131_072)
        }
        #expect(served(request { $0.requestedContext = 99_999 }, [small, large]) == ["1 asked:7b"])
    }

    /// The client's own list goes before what nobody named.
    @Test func namedFallbacksGoFirst() {
        let members = [
            fleet(1, loaded: [("other:7b", ["completion"]), ("named:7b", ["completion"])], cold: [("asked:7b", 5)])
        ]
        #expect(served(request { $0.fallbackModels = ["named:7b"] }, members) == ["1 named:7b"])
    }
}
