/// What came of many schedules.
public struct Report: Sendable, CustomStringConvertible {
    /// Schedules run.
    public private(set) var schedules = 0
    /// True time simulated in all of them.
    public private(set) var simulated = Duration.zero
    /// Peers times true time, hours.
    public private(set) var peerHours = 0.0
    /// How long it took here.
    public internal(set) var wall = Duration.zero
    /// Faults that took effect, in the order of `Fault.Kind.allCases`.
    public private(set) var faults: [Int] = Array(repeating: 0, count: Fault.Kind.allCases.count)
    /// The sum of everything else that outcomes count; of the longest and most, the greatest.
    public private(set) var totals = Outcome(seed: 0, peers: 0)
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

    /// Faults that took effect, of all kinds.
    public var faultCount: Int { faults.reduce(0, +) }

    mutating func add(_ outcome: Outcome) {
        schedules += 1
        simulated += outcome.simulated
        peerHours += Double(outcome.peers) * (outcome.simulated / .seconds(3_600))
        for (place, kind) in Fault.Kind.allCases.enumerated() { faults[place] += outcome.faults[kind] ?? 0 }
        totals.add(outcome)
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
        let hours = Int(simulated / .seconds(3_600))
        let minutes = Int(simulated.components.seconds % 3_600) / 60
        let speed = wall > .zero ? Int(simulated / wall) : 0
        let kinds = Fault.Kind.allCases.enumerated().filter { faults[$0.offset] > 0 }
            .map { "\($0.element.rawValue) \(faults[$0.offset])" }.joined(separator: ", ")
        let requests = totals.requests
        return """
            \(schedules) schedules, \(hours) h \(minutes) min simulated in \(wall): \(speed) times real time; \(totals.steps) steps
            \(faultCount) fault events took effect: \(kinds)
            \(totals.elections) elections, \(totals.admitted) commands admitted, \(totals.refused) refused, \
            \(totals.contests) contests of routers, \(totals.tunnelled) datagrams in peer links
            \(requests.submitted) requests: \(requests.succeeded) answered, \(requests.brokenOff) broken off, \
            \(requests.lostWithEntry) gone with their entry; \(requests.forwards) forwards, \(requests.busy) busy, \
            \(requests.retries) retries, \(requests.parked) times parked
            sound peers: \(totals.suspicions) suspicions, longest \(totals.longestSuspicion), \(totals.falseDeaths) false deaths \
            in \(Int(peerHours)) peer-hours; at most \(totals.mostBytes) bytes in a second \
            and \(totals.mostLeaseBytes) for elections, \(totals.mostTimers) timers, \
            \(totals.mostRumours) rumours
            slowest agreement after the faults: \(slowest)
            \(violations) schedules with violations
            """
    }
}

extension Outcome {
    /// Adds the counts of another.
    mutating func add(_ other: Outcome) {
        steps += other.steps
        elections += other.elections
        admitted += other.admitted
        refused += other.refused
        corrupted += other.corrupted
        tunnelled += other.tunnelled
        suspicions += other.suspicions
        falseDeaths += other.falseDeaths
        contests += other.contests
        requests += other.requests
        longestSuspicion = max(longestSuspicion, other.longestSuspicion)
        mostBytes = max(mostBytes, other.mostBytes)
        mostLeaseBytes = max(mostLeaseBytes, other.mostLeaseBytes)
        mostTimers = max(mostTimers, other.mostTimers)
        mostRumours = max(mostRumours, other.mostRumours)
    }
}
