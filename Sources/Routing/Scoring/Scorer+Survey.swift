import Gossip

extension Scorer {
    /// A machine that passed the checks of its own.
    private struct Survivor {
        var machine: Int
        var offer: Int
        /// False: the model fits only with memory that others use, or partly outside the GPU.
        var fits: Bool
    }

    private enum Verdict {
        case survives(Survivor)
        case out(Elimination)
    }

    /// Eliminates and scores for one model.
    func survey(_ key: ModelKey, _ inputs: SurveyInputs) -> Survey {
        var survey = Survey(key: key)
        let table = index.tables[key]
        var survivors: [Survivor] = []
        survivors.reserveCapacity(machines.count)
        for machine in machines.indices {
            switch check(machine, table, inputs.request) {
            case .survives(let survivor): survivors.append(survivor)
            case .out(let reason): survey.eliminated.append((machines[machine].id, reason))
            }
        }
        if let table, !survivors.isEmpty {
            compare(&survivors, &survey)
            score(survivors, table, inputs, &survey)
        }
        return survey
    }

    /// The checks that look at one machine alone, in the order of `Elimination`.
    private func check(_ index: Int, _ table: ModelTable?, _ request: RouteRequest) -> Verdict {
        let machine = machines[index]
        if let gone = machine.gone { return .out(gone) }
        if request.excluded.contains(machine.id) { return .out(.excluded) }
        if let closed = machine.closed { return .out(closed) }
        let offers = table?.offers(of: index) ?? 0..<0
        guard let table, !offers.isEmpty else {
            return .out(machine.critical ? .memoryCritical : machine.unavailable ? .unavailable : .modelMissing)
        }
        // An offer stops at its first failed check; the machine is out for the reason of the offer that came furthest.
        var furthest = OfferCheck.noBackend
        var squeezed: Int?
        var passing: Int?
        for place in offers {
            let offer = table.offers[place]
            if let passing, table.offers[passing].loaded != offer.loaded { break }
            let check = offer.firstFailure(on: machine, for: request)
            if check == .passes {
                if !request.prefersOllama || offer.kind.speaksOllama {
                    return .survives(Survivor(machine: index, offer: place, fits: true))
                }
                passing = passing ?? place
            }
            if check == .squeezes, squeezed == nil { squeezed = place }
            furthest = max(furthest, check)
        }
        if let passing { return .survives(Survivor(machine: index, offer: passing, fits: true)) }
        if let squeezed { return .survives(Survivor(machine: index, offer: squeezed, fits: false)) }
        return .out(furthest.elimination)
    }

    /// The checks that compare: where room is tight or a member suspect, others go first; without others these machines serve.
    private func compare(_ survivors: inout [Survivor], _ survey: inout Survey) {
        if survivors.allSatisfy({ $0.fits && machines[$0.machine].alive }) { return }
        let someAlive = survivors.contains { machines[$0.machine].alive }
        let pool = survivors.filter { !someAlive || machines[$0.machine].alive }
        let someFits = pool.contains { $0.fits }
        var kept: [Survivor] = []
        kept.reserveCapacity(pool.count)
        for survivor in survivors {
            let machine = machines[survivor.machine]
            if someFits && !survivor.fits {
                survey.eliminated.append((machine.id, .doesNotFit))
            } else if someAlive && !machine.alive {
                survey.eliminated.append((machine.id, .suspect))
            } else {
                kept.append(survivor)
            }
        }
        survivors = kept
    }

    /// Works out all signals and sorts by score, then by id.
    private func score(_ survivors: [Survivor], _ table: ModelTable, _ inputs: SurveyInputs, _ survey: inout Survey) {
        let loads = survivors.map { machines[$0.machine].load(of: survey.key, in: hotModels, now: inputs.now) }
        let median = RecordedLoad.fleetMedian(loads)
        survey.scored.reserveCapacity(survivors.count)
        survey.ranked.reserveCapacity(survivors.count)
        for place in survivors.indices {
            let machine = machines[survivors[place].machine]
            let offer = table.offers[survivors[place].offer]
            let own = inputs.deltas.pending(at: machine.id, model: survey.key, since: machine.recordVersion).model
            let depth = loads[place].believed(median: median) + Double(own)
            let signals = signals(of: machine, offer, survey.key, depth: depth, inputs)
            survey.ranked.append(Ranked(score: signals.total, place: place))
            survey.scored.append(
                Scored(
                    machine: survivors[place].machine, offer: survivors[place].offer, loaded: offer.loaded, signals: signals,
                    ownDelta: own))
        }
        survey.ranked.sort { a, b in a.score != b.score ? a.score > b.score : a.place < b.place }
    }

    private func signals(
        of machine: Machine, _ offer: Offer, _ key: ModelKey, depth: Double, _ inputs: SurveyInputs
    ) -> Signals {
        var signals = Signals()
        signals.thermal = formulas.thermal(
            loaded: offer.loaded,
            warm: !offer.loaded && unloads.unloadedLately(key, at: machine.id, now: inputs.now))
        signals.memoryFit = formulas.memoryFit(loaded: offer.loaded, ratio: machine.room.ratio(cost: offer.weightBytes))
        signals.roleAffinity = offer.roleAffinity
        signals.availabilityTrend = machine.availabilityTrend
        signals.contextFit = formulas.contextFit(
            context: offer.context, tokens: inputs.request.estimatedTokens, requested: inputs.request.requestedContext)
        if depth > 0 {
            let p75 = inputs.latencies.p75(peer: machine.id, model: key) ?? offer.coldStartMilliseconds
            signals.queueDepth = formulas.queueDepth(depth, divisor: machine.depthDivisor)
            signals.waitTime = formulas.waitTime(depth, p75Milliseconds: p75)
        }
        if inputs.sessionPeer == machine.id {
            signals.sessionAffinity = formulas.affinity(Formulas.sessionBonus, depth: depth)
        } else if inputs.prefixPeer == machine.id {
            signals.prefixAffinity = formulas.affinity(Formulas.prefixBonus, depth: depth)
        }
        return signals
    }
}
