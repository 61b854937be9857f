/// What came of many schedules.
public struct Report: Sendable, CustomStringConvertible {
    /// Schedules run.
    public private(set) var schedules = 0
    /// True time simulated in all of them, and how long that took.
    public private(set) var simulated = Duration.zero
    /// How long that took here.
    public internal(set) var wall = Duration.zero
    /// Events that peers handled.
    public private(set) var steps = 0
    /// Faults that took effect.
    public private(set) var faults = 0
    /// Routers elected.
    public private(set) var elections = 0
    /// Fenced commands that had their effect.
    public private(set) var admitted = 0
    /// Commands that no target accepted.
    public private(set) var refused = 0
    /// The longest time from the end of the faults to agreement.
    public private(set) var slowest = Duration.zero
    /// A hash of all histories, whatever their order.
    public private(set) var hash: UInt64 = 0
    /// Schedules with violations.
    public private(set) var violations = 0
    /// The first of them, by the order in which they ended; at most twenty.
    public private(set) var broken: [Outcome] = []

    /// Nothing yet.
    public init() {}

    mutating func add(_ outcome: Outcome) {
        schedules += 1
        simulated += outcome.simulated
        steps += outcome.steps
        faults += outcome.faults
        elections += outcome.elections
        admitted += outcome.admitted
        refused += outcome.refused
        slowest = max(slowest, outcome.convergence ?? .zero)
        var digest = Digest()
        digest.add(outcome.seed)
        digest.add(UInt64(outcome.peers))
        digest.add(outcome.hash)
        hash &+= digest.value
        guard !outcome.violations.isEmpty else { return }
        violations += 1
        if broken.count < 20 { broken.append(outcome) }
    }

    /// The figures in lines.
    public var description: String {
        let hours = simulated / .seconds(3_600)
        let speed = wall > .zero ? Int(simulated / wall) : 0
        return """
            \(schedules) schedules, \(Int(hours)) h \(Int(simulated.components.seconds % 3_600) / 60) min simulated, \(steps) steps
            \(faults) fault events took effect, \(elections) elections, \(admitted) commands admitted, \(refused) refused
            slowest agreement after the faults: \(slowest)
            \(violations) schedules with violations
            wall \(wall), \(speed) times real time
            """
    }
}
