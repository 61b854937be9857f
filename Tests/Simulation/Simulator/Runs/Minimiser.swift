import Gossip

/// Makes a history that breaks a rule as small as it can: fewer faults, a shorter time, a calmer network, fewer peers.
public struct Minimiser {
    /// Which rules of peers and world are run.
    public var subject: Subject
    /// A deliberate fault, if any.
    public var mutation: Mutation?
    /// No more runs than this.
    public var mostRuns = 250
    /// Runs so far.
    public private(set) var runs = 0

    /// A minimiser.
    public init(subject: Subject = .herd, mutation: Mutation? = nil) {
        self.subject = subject
        self.mutation = mutation
    }

    /// A smaller schedule that still breaks `rule`, or `schedule` itself.
    public mutating func minimise(_ schedule: Schedule, breaking rule: Violation.Rule) -> Schedule {
        var best = schedule
        var before = -1
        while best.faults.count != before, runs < mostRuns {
            before = best.faults.count
            dropFaults(&best, rule)
            shorten(&best, rule)
            calm(&best, rule)
            dropPeers(&best, rule)
        }
        return best
    }

    /// When `schedule` breaks the rule first; nil when it does not.
    private mutating func breaks(_ schedule: Schedule, _ rule: Violation.Rule) -> Duration? {
        guard runs < mostRuns else { return nil }
        runs += 1
        return Simulation.run(schedule, subject: subject, mutation: mutation).violations.first { $0.rule == rule }?.at
    }

    private mutating func take(_ candidate: Schedule, _ best: inout Schedule, _ rule: Violation.Rule) -> Bool {
        guard breaks(candidate, rule) != nil else { return false }
        best = candidate
        return true
    }

    /// Halves, quarters … and single faults.
    private mutating func dropFaults(_ best: inout Schedule, _ rule: Violation.Rule) {
        var size = max(1, best.faults.count / 2)
        while !best.faults.isEmpty {
            var start = 0
            while start < best.faults.count {
                var candidate = best
                candidate.faults.removeSubrange(start..<min(start + size, candidate.faults.count))
                if !take(candidate, &best, rule) { start += size }
            }
            guard size > 1 else { return }
            size /= 2
        }
    }

    /// The faults end soon after the rule is broken, or earlier.
    private mutating func shorten(_ best: inout Schedule, _ rule: Violation.Rule) {
        var limits = [best.faultTime / 2, best.faultTime * 3 / 4]
        if let at = breaks(best, rule) { limits.insert(at + .seconds(1), at: 0) }
        if let last = best.faults.last { limits.insert(last.at + .seconds(2), at: 0) }
        for limit in limits where limit < best.faultTime && limit > .zero {
            var candidate = best
            candidate.faultTime = Schedule.rounded(limit)
            candidate.faults.removeAll { $0.at >= limit }
            _ = take(candidate, &best, rule)
        }
    }

    /// One weakness of the network less at a time.
    private mutating func calm(_ best: inout Schedule, _ rule: Violation.Rule) {
        let changes: [(inout Network) -> Void] = [
            { $0 = Network() }, { $0.lossPerMille = 0 }, { $0.corruptPerMille = 0 }, { $0.duplicatePerMille = 0 },
            { $0.tailPerMille = 0 }, { $0.delayMicroseconds = 1_000 },
        ]
        for change in changes {
            var candidate = best
            change(&candidate.network)
            if candidate.network != best.network { _ = take(candidate, &best, rule) }
        }
        for place in 0..<best.peers where best.starts[place] != .zero {
            var candidate = best
            candidate.starts[place] = .zero
            _ = take(candidate, &best, rule)
        }
    }

    /// One peer less at a time, with the faults that name it.
    private mutating func dropPeers(_ best: inout Schedule, _ rule: Violation.Rule) {
        var place = best.peers - 1
        while place >= 0, best.peers > 1 {
            _ = take(best.without(place), &best, rule)
            place -= 1
        }
    }
}

extension Schedule {
    /// The same without one peer and what happens to it.
    func without(_ place: Int) -> Schedule {
        var result = self
        result.peers -= 1
        result.candidacies.remove(at: place)
        result.starts.remove(at: place)
        result.faults = faults.compactMap { at, fault in fault.without(place).map { (at, $0) } }
        return result
    }
}

extension Fault {
    /// The same in a world without one peer; nil if it is about that one.
    func without(_ place: Int) -> Fault? {
        if case .partition(let side, let lasts) = self {
            return .partition(side: Set(side.filter { $0 != place }.map { $0 > place ? $0 - 1 : $0 }), lasts: lasts)
        }
        let places = Schedule.places(of: self)
        guard !places.contains(place) else { return nil }
        var (name, numbers) = words
        for index in places.indices where places[index] > place { numbers[index] -= 1 }
        return Fault(name: name, numbers: numbers)
    }
}
