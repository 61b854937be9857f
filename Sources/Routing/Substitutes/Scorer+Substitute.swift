import Gossip

extension Scorer {
    /// Another model's machines, where the one asked for is not in memory and the request allows it; nil to stay with `chosen`.
    ///
    /// Model and machine are chosen together: only machines that have the other model in memory are candidates.
    func substitute(for chosen: Survey, _ inputs: SurveyInputs) -> Survey? {
        let request = inputs.request
        guard request.substitution != .never, request.kind != .embed else { return nil }
        if let best = chosen.ranked.first, chosen.scored[best.place].loaded {
            guard request.substitution == .always, let needed = request.requestedContext,
                let asked = offer(of: chosen, at: best.place), asked.context > 0,
                asked.context < min(needed, asked.trained > 0 ? asked.trained : needed)
            else { return nil }
            return larger(than: asked.weightBytes, context: needed, inputs)
        }
        guard let asked = index.tables[ModelKey(name: request.model)] else { return nil }
        let isUnservable = chosen.ranked.isEmpty
        if isUnservable ? !lacksOnlyRoom(asked, request) : request.substitution != .always { return nil }
        let category = ModelCategory(request.model)
        return best(of: index.loaded.filter { $0.category == category }, inputs)
            ?? best(of: index.loaded.filter { $0.category != category }, inputs)
    }

    private func offer(of survey: Survey, at place: Int) -> Offer? {
        index.tables[survey.key]?.offers[survey.scored[place].offer]
    }

    /// The machines that have the model could serve it, were there memory for it. What a model cannot do, another must not do for
    /// it.
    private func lacksOnlyRoom(_ table: ModelTable, _ request: RouteRequest) -> Bool {
        var lacksRoom = false
        for place in machines.indices where !table.offers(of: place).isEmpty {
            let machine = machines[place]
            guard machine.gone == nil, machine.closed == nil, !request.excluded.contains(machine.id) else { continue }
            switch table.offers(of: place).map({ table.offers[$0].firstFailure(on: machine, for: request) }).max() {
            case .memoryCritical, .doesNotFit: lacksRoom = true
            case .missingCapability, .wrongDialect, .squeezes, .passes: return false
            case .noBackend, .unavailable, nil: continue
            }
        }
        return lacksRoom
    }

    /// The model whose machine scores best.
    private func best(of choices: [LoadedChoice], _ inputs: SurveyInputs) -> Survey? {
        var best: Survey?
        for choice in choices {
            guard let survey = inMemory(choice, context: 0, inputs), let score = survey.ranked.first?.score else { continue }
            if score > best?.ranked.first?.score ?? -.infinity { best = survey }
        }
        return best
    }

    /// The smallest model that is larger than the one asked for and has so much context in memory.
    private func larger(than bytes: Double, context: Int, _ inputs: SurveyInputs) -> Survey? {
        let choices = index.loaded.filter { $0.bytes > bytes }
            .sorted { a, b in a.bytes != b.bytes ? a.bytes < b.bytes : a.name < b.name }
        for choice in choices {
            if let survey = inMemory(choice, context: context, inputs) { return survey }
        }
        return nil
    }

    /// The machines that have `choice` in memory with so much context and are known to be able to answer; nil for none.
    private func inMemory(_ choice: LoadedChoice, context: Int, _ inputs: SurveyInputs) -> Survey? {
        guard choice.key != ModelKey(name: inputs.request.model), let table = index.tables[choice.key] else { return nil }
        var survey = survey(choice.key, inputs)
        survey.ranked.removeAll { ranked in
            let offer = table.offers[survey.scored[ranked.place].offer]
            return !offer.loaded || offer.context < context || !offer.abilities.affirm(inputs.request)
        }
        return survey.ranked.isEmpty ? nil : survey
    }
}
