/// Learns at which hours of the week a machine's owner needs it, and says how much of it is free now (herd-compat §6.9).
///
/// It is shown the use of processor and memory while the fleet itself has nothing running there: a machine that is busy for the
/// fleet is not busy for its owner.
public struct CapacityLearner: Sendable, Hashable, Codable {
    /// What it says of a machine.
    public struct Verdict: Sendable, Hashable {
        /// 0 for not at all, 1 for all of it; nil while it is still learning.
        public var score: Double?
        /// ollama-herd's word for why.
        public var reason: String
        /// How much it knows, 0 to 1.
        public var confidence: Double
        /// Since it began.
        public var daysObserved: Double
    }

    /// One hour of one week.
    struct Hour: Sendable, Hashable, Codable {
        var began: Double
        var samples: Int
        var processor: Double
    }

    /// What was seen lately; nothing to keep over a restart.
    private struct Recent: Sendable, Hashable {
        var at: Double
        var processor: Double
        var memory: Double
    }

    /// When it began, seconds since 1970.
    private(set) var began: Double?
    /// By hour of the week, the newest last.
    private(set) var hours: [Int: [Hour]] = [:]
    private var recent: [Recent] = []
    private var busySince: Double?
    private var countedMinute = -1

    private enum CodingKeys: String, CodingKey { case began, hours }

    /// It says nothing for so long, days.
    public static let learningDays = 7.0
    /// Older hours do not count, days.
    static let memoryDays = 30.0
    /// An hour weighs half as much after so long, days.
    static let halfLifeDays = 15.0
    /// Above this the processor is busy, percent.
    static let busyPercent = 85.0
    /// When it is busy for so long its owner works, seconds.
    static let busySeconds = 120.0
    /// So many minutes of an hour of the week are enough to go by.
    static let enoughSamples = 5.0
    /// What a machine has left for others while its owner works.
    static let whileBusy = 0.1

    /// Nothing seen.
    public init() {}

    /// What was seen at a time. Once a minute counts for the hour.
    ///
    /// - Parameters:
    ///   - processor: use of all cores, percent.
    ///   - memory: use of the memory, percent.
    ///   - hourOfWeek: 0 to 167, in the owner's time zone.
    ///   - now: seconds since 1970.
    public mutating func see(processor: Double, memory: Double, hourOfWeek: Int, now: Double) {
        guard processor.isFinite, memory.isFinite, now.isFinite, (0..<168).contains(hourOfWeek) else { return }
        // A clock that was put back: what is ahead of it was never so.
        if let began, began > now { self = CapacityLearner() }
        began = began ?? now
        let processor = min(100, max(0, processor))
        recent.append(Recent(at: now, processor: processor, memory: min(100, max(0, memory))))
        recent.removeAll { now - $0.at > Self.busySeconds || $0.at > now }
        busySince = processor > Self.busyPercent ? busySince ?? now : nil
        let minute = Int(now / 60)
        guard minute != countedMinute else { return }
        countedMinute = minute
        count(processor, hourOfWeek, now)
    }

    /// Looking away: the fleet has work there, and what the processor does is not its owner's.
    public mutating func lookAway() {
        recent = []
        busySince = nil
    }

    private mutating func count(_ processor: Double, _ hourOfWeek: Int, _ now: Double) {
        var known = (hours[hourOfWeek] ?? []).filter { now - $0.began < Self.memoryDays * 86_400 }
        if let last = known.last, now - last.began < 3_600 {
            known[known.count - 1].processor += (processor - last.processor) / Double(last.samples + 1)
            known[known.count - 1].samples += 1
        } else {
            known.append(Hour(began: now, samples: 1, processor: processor))
        }
        hours[hourOfWeek] = Array(known.suffix(8))
    }

    /// How much of the machine is free now.
    public func verdict(hourOfWeek: Int, now: Double) -> Verdict {
        let days = began.map { max(0, now - $0) / 86_400 } ?? 0
        let samples = hours.values.joined().reduce(0) { $0 + $1.samples }
        let confidence = 0.6 * min(1, days / Self.memoryDays) + 0.4 * min(1, Double(samples) / 168 / Self.enoughSamples)
        var verdict = Verdict(score: nil, reason: "bootstrap_observation_period", confidence: confidence, daysObserved: days)
        if let busySince, now - busySince >= Self.busySeconds {
            (verdict.score, verdict.reason) = (Self.whileBusy, "sustained_high_cpu")
        } else if days >= Self.learningDays {
            let learned = learned(hourOfWeek, now)
            (verdict.score, verdict.reason) = (learned.score, learned.reason)
        }
        return verdict
    }

    private func learned(_ hourOfWeek: Int, _ now: Double) -> (score: Double, reason: String) {
        let known = (hours[hourOfWeek] ?? []).filter { now - $0.began < Self.memoryDays * 86_400 }
        var weight = 0.0
        var use = 0.0
        for hour in known {
            let share = Self.power((now - hour.began) / 86_400 / Self.halfLifeDays) * Double(hour.samples)
            weight += share
            use += share * hour.processor
        }
        let sure = min(1, Double(known.reduce(0) { $0 + $1.samples }) / Self.enoughSamples)
        let history = weight > 0 ? 1 - use / weight / 100 : 1
        let processor = recent.last?.processor ?? 0
        let memory = recent.last?.memory ?? 0
        let current = 1 - 0.7 * processor / 100 - 0.3 * memory / 100
        let score = history * 0.4 * sure + current * (0.4 + 0.4 * (1 - sure)) + trend * 0.2
        let bounded = min(1, max(0, score))
        if bounded < 0.4 { return (bounded, sure > 0 && history < current ? "historically_busy_slot" : "currently_busy") }
        return (bounded, bounded < 0.6 ? "low_availability" : bounded < 0.8 ? "moderate_availability" : "high_availability")
    }

    /// Half where nothing changes, less while the processor gets busier.
    private var trend: Double {
        let half = recent.count / 2
        guard half > 0 else { return 0.5 }
        let before = recent.prefix(half).reduce(0) { $0 + $1.processor } / Double(half)
        let after = recent.suffix(half).reduce(0) { $0 + $1.processor } / Double(half)
        return 0.5 - 0.5 * min(1, max(-1, (after - before) / 50))
    }

    /// 2 to the power of -x for x ≥ 0, right to a thousandth: it weighs hours against each other, and needs no library.
    private static func power(_ x: Double) -> Double {
        guard x > 0 else { return 1 }
        guard x < 64 else { return 0 }
        let whole = x.rounded(.down)
        let rest = (x - whole) * 0.693_147_180_559_945
        let fraction = 1 - rest + rest * rest / 2 - rest * rest * rest / 6 + rest * rest * rest * rest / 24
        return fraction / Double(UInt64(1) << UInt64(whole))
    }
}
