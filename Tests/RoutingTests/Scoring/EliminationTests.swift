import Gossip
import Routing
import Testing

/// Who is out, why, and in which order it is found out.
@Suite struct EliminationTests {
    /// Each case has all faults of the later ones too, so that the order shows.
    @Test func theFirstReasonInOrderIsGiven() {
        func faulty(_ number: UInt64, _ status: MemberStatus, _ repair: (inout MemberView) -> Void) -> MemberView {
            machine(number, status: status) {
                $0.hot?.draining = true
                $0.hot?.pressure = .critical
                $0.hot?.availability = 50
                $0.models?.backends[0].reachable = false
                $0.models?.available = []
                repair(&$0)
            }
        }
        let fleet = [
            faulty(1, .unreachable) { _ in },
            faulty(2, .left) { _ in },
            faulty(3, .alive) { _ in },
            faulty(4, .alive) { _ in },
            faulty(5, .alive) { $0.hot?.draining = false },
            faulty(6, .alive) {
                $0.hot?.draining = false
                $0.models?.backends[0].reachable = true
            },
            faulty(7, .alive) {
                $0.hot?.draining = false
                $0.models?.backends[0].reachable = true
                $0.hot?.pressure = .warn
            },
            faulty(8, .alive) {
                $0.hot?.draining = false
                $0.models?.backends[0].reachable = true
                $0.hot?.pressure = .warn
                $0.hot?.availability = 51
            },
        ]
        var request = chat()
        request.excluded = [peer(1), peer(3)]
        let ranking = rank(request, fleet)
        #expect(ranking.candidates.isEmpty)
        #expect(!ranking.modelKnown)
        #expect(
            ranking.eliminated.map { $0.reason } == [
                .unreachable, .left, .excluded, .draining, .noBackend, .memoryCritical, .unavailable, .modelMissing,
            ])
        #expect(ranking.eliminated.map { $0.peer.short } == [1, 2, 3, 4, 5, 6, 7, 8])
    }

    @Test func dialectThenCapabilityThenFit() {
        let fleet = [
            machine(1) {
                $0.models?.backends = [BackendReport(id: "lm", kind: .lmstudio, reachable: true)]
                $0.models?.available = [listed("small:7b", on: "lm", gigabytes: 500, can: ["embedding"])]
            },
            machine(2) { $0.models?.available = [listed("small:7b", gigabytes: 500, can: ["embedding"])] },
            machine(3) { $0.models?.available = [listed("small:7b", gigabytes: 500, can: ["completion"])] },
        ]
        var request = chat("small:7b")
        request.needsOllama = true
        let native = rank(request, fleet)
        #expect(native.eliminated.map { $0.reason } == [.wrongDialect, .missingCapability, .doesNotFit])
        let translated = rank(fleet)
        #expect(translated.eliminated.map { $0.reason } == [.missingCapability, .missingCapability, .doesNotFit])
    }

    @Test func withoutReportsThereIsNoBackend() {
        let ranking = rank([
            machine(1) {
                $0.models = nil; $0.hot = nil; $0.fixed = nil
            }
        ])
        #expect(ranking.reason(1) == .noBackend)
    }

    @Test func aModelOnAnUnreachableEngineIsKnownButOut() {
        let ranking = rank([
            machine(1) {
                $0.models?.backends = [
                    BackendReport(id: "ollama", kind: .ollama, reachable: false),
                    BackendReport(id: "vllm", kind: .vllm, reachable: true),
                ]
            }
        ])
        #expect(ranking.reason(1) == .noBackend)
        #expect(ranking.modelKnown)
    }

    @Test func aLoadedModelSurvivesShortMemory() {
        let ranking = rank([
            machine(1) {
                $0.load()
                $0.hot?.pressure = .critical
                $0.hot?.memoryAvailableMiB = 10
            }
        ])
        #expect(ranking.order == [1])
    }

    @Test func aModelThatFitsNowhereElseMayPushOutIdleOnes() {
        // 4 GiB free, 20 GB held by an idle model: a model of 10 GB fits only in its place.
        func tight(_ number: UInt64, busy: Bool) -> MemberView {
            machine(number) {
                $0.models?.available = [listed("big:13b", gigabytes: 10)]
                $0.hot?.memoryAvailableMiB = 4096
                $0.load("idle:32b", gigabytes: 20)
                if busy { $0.busy("idle:32b", inFlight: 1) }
            }
        }
        #expect(rank(chat("big:13b"), [tight(1, busy: false)]).order == [1])
        #expect(rank(chat("big:13b"), [tight(1, busy: true)]).reason(1) == .doesNotFit)
        let free = machine(2) { $0.models?.available = [listed("big:13b", gigabytes: 10)] }
        let both = rank(chat("big:13b"), [tight(1, busy: false), free])
        #expect(both.order == [2])
        #expect(both.reason(1) == .doesNotFit)
    }

    @Test func graphicsMemoryDecidesWhereThereIsSome() {
        let small = machine(1) {
            $0.models?.available = [listed("big:13b", gigabytes: 10)]
            $0.hot?.gpus = [GPULoad(freeMiB: 4096, busyPercent: 0)]
        }
        let large = machine(2) {
            $0.models?.available = [listed("big:13b", gigabytes: 10)]
            $0.hot?.gpus = [GPULoad(freeMiB: 6144, busyPercent: 0), GPULoad(freeMiB: 6144, busyPercent: 0)]
        }
        let both = rank(chat("big:13b"), [small, large])
        #expect(both.order == [2])
        #expect(both.reason(1) == .doesNotFit)
        #expect(rank(chat("big:13b"), [small]).order == [1], "alone, it runs partly outside the GPU")
    }

    @Test func unknownMemoryIsNoReason() {
        #expect(rank([machine(1) { $0.hot?.memoryAvailableMiB = 0 }]).order == [1])
    }

    @Test func suspectsServeOnlyWhenNobodyElseCan() {
        let hotSuspect = machine(1, status: .suspect) { $0.load() }
        let withOther = rank([hotSuspect, machine(2)])
        #expect(withOther.order == [2])
        #expect(withOther.reason(1) == .suspect)
        #expect(rank([hotSuspect]).order == [1])
        let otherIsOut = rank([hotSuspect, machine(2) { $0.hot?.draining = true }])
        #expect(otherIsOut.order == [1])
    }

    @Test func everyMachineIsEitherCandidateOrHasAReason() {
        let fleet = (1...20).map { number in
            machine(number, status: [.alive, .suspect, .unreachable, .left][Int(number % 4)]) {
                if number % 5 == 0 { $0.hot?.draining = true }
                if number % 3 == 0 { $0.models?.available = [] }
            }
        }
        let ranking = rank(fleet)
        let all = ranking.order + ranking.eliminated.map { $0.peer.short }
        #expect(all.sorted() == Array(1...20))
    }
}
