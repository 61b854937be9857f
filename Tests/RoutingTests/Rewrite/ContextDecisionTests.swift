import Gossip
import Routing
import Testing

/// What becomes of `num_ctx` (herd-compat §6.7).
@Suite struct ContextDecisionTests {
    struct Case: Sendable {
        var mode = ContextMode.strip
        var requested: Int?
        var loaded: Int?
        var trained: Int?
        var asked: Int?
        var configured: Int?
        var isAmbiguous = false
        var decision: ContextDecision
        /// The context that the engine loads the model with for this.
        var loads: Int?
    }

    @Test(arguments: [
        // Below, as much as, and above what is in memory.
        Case(requested: 2048, loaded: 4096, decision: .replace(4096)),
        Case(requested: 4096, loaded: 4096, decision: .leave),
        Case(requested: 8192, loaded: 4096, decision: .reloads(loaded: 4096), loads: 8192),
        // Nothing in memory: the first number counts.
        Case(requested: 8192, decision: .leave, loads: 8192),
        Case(decision: .leave),
        // Ollama cuts down to what the model was trained for.
        Case(requested: 99_999, loaded: 8192, trained: 8192, decision: .leave),
        Case(requested: 99_999, loaded: 4096, trained: 8192, decision: .reloads(loaded: 4096), loads: 8192),
        Case(requested: 99_999, trained: 8192, decision: .leave, loads: 8192),
        // No number: Ollama's own default is in memory, or a number that somebody asked for.
        Case(loaded: 4096, decision: .leave),
        Case(loaded: 16_384, asked: 16_384, decision: .insert(16_384)),
        // The engine's list is behind what it answered.
        Case(loaded: 4096, asked: 16_384, decision: .insert(16_384)),
        Case(requested: 8192, loaded: 4096, asked: 16_384, decision: .replace(16_384)),
        Case(requested: 16_384, loaded: 4096, asked: 16_384, decision: .leave),
        // What somebody configured: only upwards.
        Case(loaded: 4096, configured: 16_384, decision: .insert(16_384), loads: 16_384),
        Case(configured: 16_384, decision: .insert(16_384), loads: 16_384),
        Case(loaded: 32_768, configured: 16_384, decision: .leave),
        Case(loaded: 32_768, asked: 32_768, configured: 16_384, decision: .insert(32_768)),
        Case(loaded: 8192, trained: 8192, configured: 16_384, decision: .leave),
        Case(requested: 2048, loaded: 4096, configured: 16_384, decision: .replace(4096)),
        // Two runners of the same weights: nobody knows.
        Case(requested: 2048, loaded: 4096, isAmbiguous: true, decision: .leave, loads: 2048),
        // Warnings change nothing.
        Case(mode: .warn, requested: 2048, loaded: 4096, decision: .reloads(loaded: 4096), loads: 2048),
        Case(mode: .warn, requested: 8192, loaded: 4096, decision: .reloads(loaded: 4096), loads: 8192),
        Case(mode: .warn, requested: 4096, loaded: 4096, decision: .leave),
        Case(mode: .warn, loaded: 16_384, asked: 16_384, configured: 32_768, decision: .leave),
        Case(mode: .passthrough, requested: 2048, loaded: 4096, decision: .leave, loads: 2048),
        Case(mode: .passthrough, loaded: 4096, asked: 4096, configured: 9000, decision: .leave),
    ])
    func decisions(_ one: Case) {
        var model = ResidentModel(runner: "d1")
        model.context = one.loaded
        model.trained = one.trained
        model.isAmbiguous = one.isAmbiguous
        let decision = ContextDecision.make(
            one.mode, requested: one.requested, model: model, asked: one.asked, configured: one.configured)
        #expect(decision == one.decision)
        #expect(decision.loads(requested: one.requested, model: model, asked: one.asked) == one.loads)
    }

    private func report(_ change: (inout ModelsReport) -> Void) -> ModelsReport {
        var report = ModelsReport(
            backends: [
                BackendReport(id: "o", kind: .ollama, reachable: true), BackendReport(id: "v", kind: .vllm, reachable: true),
            ],
            available: [listed("X:a", on: "o"), listed("x:b", on: "o"), listed("x:a", on: "v")])
        for place in report.available.indices { report.available[place].digest = "d\(place)" }
        change(&report)
        return report
    }

    private func resident(_ name: String, _ report: ModelsReport) -> ResidentModel? {
        ResidentModel.all(in: report)[ResidentModel.Key(backend: "o", model: name)]
    }

    @Test func whatIsInMemoryIsFoundByDigest() {
        let two = report {
            $0.available[1].digest = "d0"
            $0.available[0].contextLength = 8192
            $0.loaded = [LoadedModel(name: "x:b", backend: "o", digest: "d0", contextLength: 4096)]
        }
        // Two tags of one set of weights share the runner.
        #expect(resident("x:a", two)?.context == 4096 && resident("x:b", two)?.context == 4096)
        #expect(resident("x:a", two)?.runner == "d0" && resident("x:a", two)?.trained == 8192)
        // Made anew under its old name: the old weights do not answer.
        let stale = report { $0.loaded = [LoadedModel(name: "x:a", backend: "o", digest: "old", contextLength: 4096)] }
        #expect(resident("x:a", stale)?.context == nil)
        // Only Ollama has contexts that a request changes.
        #expect(ResidentModel.all(in: two)[ResidentModel.Key(backend: "v", model: "x:a")] == nil)
    }

    @Test func withoutDigestsNamesCountAndTwoContextsAreAmbiguous() {
        let names = report {
            $0.available[0].digest = ""
            $0.loaded = [LoadedModel(name: "x:A", backend: "o", digest: "d0", contextLength: 4096)]
        }
        #expect(resident("x:a", names)?.context == 4096 && resident("x:a", names)?.runner == "x:a")
        let twice = report {
            $0.loaded = [4096, 8192].map { LoadedModel(name: "x:a", backend: "o", digest: "d0", contextLength: $0) }
        }
        #expect(resident("x:a", twice)?.isAmbiguous == true)
        let unknown = report { $0.loaded = [LoadedModel(name: "x:a", backend: "o", digest: "d0")] }
        #expect(resident("x:a", unknown)?.context == nil)
    }

    @Test func anAskedContextLastsAsLongAsItIsInMemory() {
        var asked = AskedContexts()
        var model = ResidentModel(runner: "d1")
        model.context = 4096
        #expect(asked.isEmpty)
        asked.answered(16_384, runner: "d1", backend: "o", now: now)
        // The engine's list is late, then right, then says that somebody else loaded it.
        #expect(asked.tokens(of: model, backend: "o", now: now + .seconds(59)) == 16_384)
        model.context = 16_384
        #expect(asked.tokens(of: model, backend: "o", now: now + .seconds(3_600)) == 16_384)
        #expect(asked.tokens(of: model, backend: "other", now: now) == nil)
        model.context = 4096
        #expect(asked.tokens(of: model, backend: "o", now: now + .seconds(3_601)) == nil)
        #expect(asked.isEmpty)
    }

    @Test func askedContextsAreBounded() {
        var asked = AskedContexts()
        for number in 0..<1_000 { asked.answered(4096, runner: "d\(number)", backend: "o", now: now) }
        func known(_ number: Int) -> Bool {
            asked.tokens(of: ResidentModel(runner: "d\(number)"), backend: "o", now: now) != nil
        }
        #expect((0..<1_000).count { known($0) } == 256)
        #expect(known(999) && !known(0))
    }
}
