/// What all checks say of a fleet.
public struct HealthReport: Hashable, Sendable {
    /// The fleet in figures.
    public var vitals: Vitals
    /// What was found, the worst first; then in the order of the checks.
    public var findings: [Finding]

    /// Runs all checks.
    public init(_ facts: HealthFacts) {
        let found: [Finding] =
            Checks.nodes(facts) + Checks.memory(facts) + Checks.mesh(facts) + Checks.versions(facts) + Checks.stores(facts)
            + Checks.models(facts) + Checks.contexts(facts) + Checks.traffic(facts) + Checks.streams(facts)
            + Checks.mappings(facts) + Checks.pins(facts) + Checks.media(facts) + Checks.captures(facts)
        findings = found.enumerated().sorted { ($0.element.severity.rank, $0.offset) < ($1.element.severity.rank, $1.offset) }
            .map(\.element)
        vitals = Vitals(facts)
        vitals.healthScore = max(0, 100 - findings.reduce(0) { $0 + $1.severity.cost })
    }
}

extension Vitals {
    /// The figures without the score.
    init(_ facts: HealthFacts) {
        self.init()
        nodesTotal = facts.nodes.count
        nodesOnline = facts.nodes.count { $0.status == .online }
        nodesDegraded = facts.nodes.count { $0.status == .degraded }
        nodesOffline = facts.nodes.count { $0.status == .offline }
        let day = facts.traffic.total(.day)
        totalRequests = day.requests
        overallErrorRatePercent = (day.requests == 0 ? 0 : Double(day.failures) * 100 / Double(day.requests)).hundredths
        coldLoads = day.coldLoads
        averageFirstTokenMilliseconds = day.firstTokens == 0 ? nil : (day.firstTokenSum / Double(day.firstTokens)).tenths
        totalRetries = day.retried
        clientDisconnects = day.disconnected
        incompleteStreams = day.incomplete
        imageGenerations = day.images
        transcriptions = day.transcriptions
    }
}

extension Double {
    /// Rounded to one decimal.
    var tenths: Double { (self * 10).rounded() / 10 }
    /// Rounded to two decimals.
    var hundredths: Double { (self * 100).rounded() / 100 }
}
