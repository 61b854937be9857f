internal import Gossip
public import Routing
internal import Synchronization

extension LaneState {
    // MARK: What rewriting needs to know of this machine's engines

    /// A model of this machine as its engine has it in memory, and the explicit context that it was loaded with, if any.
    ///
    /// - Parameter isNeeded: false when only an explicit context matters, of which mostly nothing is known.
    func contextInMemory(of model: String, at backend: String, isNeeded: Bool) -> (ResidentModel, asked: Int?)? {
        contents.withLock { contents in
            guard isNeeded || !contents.askedContexts.isEmpty else { return nil }
            guard let resident = contents.residents[ResidentModel.Key(backend: backend, model: model)] else { return nil }
            return (resident, contents.askedContexts.tokens(of: resident, backend: backend, now: LaneClock.now))
        }
    }

    /// Takes over what the fleet's requests needed of their models' contexts; none of it counts while `learnsContexts` is off.
    public func learn(_ usages: [LearnedContexts.Usage]) { contents.withLock { $0.learnedContexts.take(usages) } }

    /// The context that was learnt for a model, for a request of about `needed` tokens that names none.
    func learnedContext(of model: String, at backend: String, _ resident: ResidentModel, asked: Int?, needed: Int)
        -> LearnedContexts.Choice?
    {
        contents.withLock {
            $0.learnedContexts.choice(
                of: model, backend: backend, resident: resident, asked: asked, needed: needed, now: LaneClock.now)
        }
    }

    /// An engine answered a request with an explicit context that it loaded the model for.
    func contextAnswered(_ tokens: Int, runner: String, at backend: String) {
        contents.withLock { $0.askedContexts.answered(tokens, runner: runner, backend: backend, now: LaneClock.now) }
    }

    /// A model thinks before it answers: by what its engine says, else by its name.
    func thinks(_ model: String, at engine: LocalBackend) -> Bool {
        // Engines other than Ollama do not list all that a model can do.
        if engine.kind.speaksOllama, let said = thinks(model) { return said }
        return ThinkingBudget.thinks(name: model)
    }
}
