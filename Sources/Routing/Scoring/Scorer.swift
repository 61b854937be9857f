public import Gossip

/// Ranks machines for requests: built once per view, asked once per request.
///
/// A value without clock, lock or Foundation; 50 machines take at most 20 µs. Reading order: this file, then
/// `Scorer+Survey.swift` (who is in, who is out), `Formulas.swift` (the terms), `NearTies.swift` (the order of equals).
public struct Scorer: Sendable {
    /// At most so many of a request's fallback models are looked at.
    public static let fallbackLimit = 16
    /// A record older than this says nothing about load any more.
    public static let recordLifetime: Duration = .seconds(10)

    let index: ModelIndex
    /// In the order of ids.
    let machines: [Machine]
    /// The live figures of all machines' models, machine by machine.
    let hotModels: [HotModel]
    let formulas: Formulas
    let unloads: UnloadHistory

    /// Prepares the per-model tables of `view`.
    ///
    /// - Parameters:
    ///   - unloads: which models left memory a short time ago; they are "warm".
    ///   - previous: the scorer of an earlier view. Its tables are taken over when only live figures changed since, which makes
    ///     building cheap; the result is the same.
    public init(
        view: FleetView, configuration: ScoringConfiguration = ScoringConfiguration(), unloads: UnloadHistory = UnloadHistory(),
        previous: Scorer? = nil
    ) {
        let sorted = zip(view.members, view.members.dropFirst()).allSatisfy { $0.id < $1.id }
        let members = sorted ? view.members : view.members.sorted { $0.id < $1.id }
        let formulas = Formulas(configuration: configuration)
        if let previous, previous.formulas.configuration == configuration, previous.index.stillHolds(for: members) {
            index = previous.index
        } else {
            index = ModelIndex(members: members, formulas: formulas)
        }
        let median = Self.medianBandwidth(of: members)
        var machines: [Machine] = []
        var hotModels: [HotModel] = []
        machines.reserveCapacity(members.count)
        for place in members.indices {
            machines.append(
                Machine(
                    members[place], isSelf: members[place].id == view.selfID, evictable: index.evictable[place],
                    medianBandwidth: median,
                    formulas: formulas, hotModels: &hotModels))
        }
        self.machines = machines
        self.hotModels = hotModels
        self.formulas = formulas
        self.unloads = unloads
    }

    /// The middle of the known bandwidths of all members that are there.
    private static func medianBandwidth(of members: [MemberView]) -> Double {
        var known: [Double] = []
        for member in members where member.status == .alive || member.status == .suspect {
            let bandwidth = Machine.bandwidth(of: member)
            if bandwidth > 0 { known.append(bandwidth) }
        }
        return Formulas.median(known) ?? 0
    }

    /// Ranks all machines for `request`.
    ///
    /// The model asked for comes first, then its fallbacks: the first whose winner has it in memory is taken, else the first that
    /// any machine can load (herd-compat §6.4). The eliminated machines are those of the model that was taken, or of the model
    /// asked for when none can be served.
    ///
    /// - Parameters:
    ///   - deltas: what this peer sent and saw finished since the records of the view.
    ///   - latencies: this peer's latency history.
    ///   - affinity: where conversations last ran.
    ///   - generator: decides near-ties.
    public func rank(
        _ request: RouteRequest, deltas: OwnDeltas, latencies: LatencyHistory, affinity: SessionAffinity, now: Instant,
        using generator: inout SeededGenerator
    ) -> Ranking {
        let inputs = SurveyInputs(request: request, deltas: deltas, latencies: latencies, affinity: affinity, now: now)
        var chosen = survey(ModelKey(name: request.model), inputs)
        var modelKnown = index.tables[chosen.key] != nil
        if !chosen.isHot {
            for name in request.fallbackModels.prefix(Self.fallbackLimit) {
                let other = survey(ModelKey(name: name), inputs)
                modelKnown = modelKnown || index.tables[other.key] != nil
                if other.isHot || (chosen.ranked.isEmpty && !other.ranked.isEmpty) { chosen = other }
                if other.isHot { break }
            }
        }
        if let other = substitute(for: chosen, inputs) { chosen = other }
        NearTies.shuffle(&chosen.ranked, using: &generator)
        return Ranking(candidates: candidates(of: chosen, now: now), eliminated: chosen.eliminated, modelKnown: modelKnown)
    }

    private func candidates(of survey: Survey, now: Instant) -> [Candidate] {
        guard let table = index.tables[survey.key] else { return [] }
        var candidates: [Candidate] = []
        candidates.reserveCapacity(survey.ranked.count)
        for ranked in survey.ranked {
            let scored = survey.scored[ranked.place]
            let machine = machines[scored.machine]
            let names = table.names[scored.offer]
            candidates.append(
                Candidate(
                    peer: machine.id, servedModel: names.model, backend: names.backend,
                    backendKind: table.offers[scored.offer].kind,
                    signals: scored.signals, recordVersion: machine.recordVersion, recordAge: machine.recordAge(now: now),
                    ownDelta: scored.ownDelta, key: survey.key, isLoaded: scored.loaded))
        }
        return candidates
    }
}
