import Gossip
import Testing

@testable import Routing

/// What requests without `num_ctx` get where contexts follow from use.
@Suite struct LearnedContextsTests {
    private func resident(_ context: Int?, trained: Int? = nil, ambiguous: Bool = false) -> ResidentModel {
        var model = ResidentModel(runner: "digest")
        model.context = context
        model.trained = trained
        model.isAmbiguous = ambiguous
        return model
    }

    private func learned(_ tokens: Int, requests: Int) -> LearnedContexts {
        var learned = LearnedContexts()
        learned.take([LearnedContexts.Usage(model: "small:7b", tokens: tokens, requests: requests)])
        return learned
    }

    private func choice(
        _ learned: inout LearnedContexts, _ model: ResidentModel, asked: Int? = nil, needed: Int = 100, name: String = "small:7b",
        at seconds: Int64 = 0
    ) -> LearnedContexts.Choice? {
        learned.choice(
            of: name, backend: "ollama", resident: model, asked: asked, needed: needed, now: now + .seconds(seconds))
    }

    @Test func loadsWithWhatIsNeededAfterFiftyRequests() {
        var few = learned(8_192, requests: 49)
        #expect(choice(&few, resident(nil)) == nil)
        var many = learned(8_192, requests: 50)
        let wanted = LearnedContexts.Choice(tokens: 8_192, reduces: false)
        #expect(choice(&many, resident(nil)) == wanted)
        #expect(choice(&many, resident(4_096)) == wanted)
        #expect(choice(&many, resident(4_096), asked: 4_096) == wanted)
        #expect(choice(&many, resident(8_192)) == nil)
        #expect(choice(&many, resident(16_384)) == nil)
        #expect(choice(&many, resident(nil), name: "other:7b") == nil)
        #expect(choice(&many, resident(4_096, ambiguous: true)) == nil)
    }

    @Test func neverMoreThanTheModelWasTrainedFor() {
        var learned = learned(65_536, requests: 50)
        #expect(choice(&learned, resident(nil, trained: 32_768)) == LearnedContexts.Choice(tokens: 32_768, reduces: false))
        #expect(choice(&learned, resident(32_768, trained: 32_768)) == nil)
    }

    @Test func aLongRequestIsNotPressedIntoLess() {
        var learned = learned(4_096, requests: 100)
        #expect(choice(&learned, resident(nil), needed: 4_095) != nil)
        #expect(choice(&learned, resident(nil), needed: 4_096) == nil)
        #expect(choice(&learned, resident(131_072), needed: 5_000) == nil)
    }

    /// Four times as much is no waste yet; more is made smaller, by all requests of the next minute, then not for half an hour.
    @Test func wasteIsMadeSmallerOnceInAWhile() {
        var few = learned(4_096, requests: 19)
        #expect(choice(&few, resident(131_072)) == nil)
        var learned = learned(4_096, requests: 20)
        let smaller = LearnedContexts.Choice(tokens: 4_096, reduces: true)
        #expect(choice(&learned, resident(16_384)) == nil)
        #expect(choice(&learned, resident(131_072)) == smaller)
        #expect(choice(&learned, resident(131_072), at: 59) == smaller)
        // Its loading failed, or somebody loads it larger again and again.
        #expect(choice(&learned, resident(131_072), at: 61) == nil)
        #expect(choice(&learned, resident(131_072), at: 1_799) == nil)
        #expect(choice(&learned, resident(131_072), at: 1_800) == smaller)
    }

    /// Somebody asked for it by number, and would ask again.
    @Test func whatWasAskedForStays() {
        var learned = learned(4_096, requests: 1_000)
        #expect(choice(&learned, resident(131_072), asked: 131_072) == nil)
    }

    @Test func whatIsNotKnownAnyMoreIsForgotten() {
        var learned = learned(4_096, requests: 1_000)
        learned.take([])
        #expect(choice(&learned, resident(nil)) == nil)
        learned.take((0..<10_000).map { LearnedContexts.Usage(model: "m\($0)", tokens: 4_096, requests: 99) })
        #expect(choice(&learned, resident(nil), name: "m0") != nil)
        #expect(choice(&learned, resident(nil), name: "m9999") == nil)
    }

    @Test func aDecisionToReduceGoesIntoTheRequest() {
        let model = resident(131_072)
        #expect(ContextDecision.make(.strip, requested: nil, model: model, asked: nil, configured: 4_096) == .leave)
        let decision = ContextDecision.make(
            .strip, requested: nil, model: model, asked: nil, configured: 4_096, reduces: true)
        #expect(decision == .insert(4_096))
        #expect(decision.loads(requested: nil, model: model, asked: nil) == 4_096)
        // What the client says goes first.
        #expect(
            ContextDecision.make(.strip, requested: 8_192, model: model, asked: nil, configured: 4_096, reduces: true)
                == .replace(131_072))
    }
}
