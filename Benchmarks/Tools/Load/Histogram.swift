/// How often which time was seen, in steps of 0.1 µs up to 50 ms; longer ones are kept as they are.
struct Histogram {
    /// Nanoseconds of one step.
    static let step: Int64 = 100
    private static let steps = 500_000
    /// Longer times that are kept; what comes beyond only counts as the longest of them.
    private static let longLimit = 1_000_000

    private var counts = [UInt32](repeating: 0, count: Histogram.steps)
    private var long: [Int64] = []
    private(set) var count = 0

    /// Notes a time in nanoseconds; one below 0 counts as 0.
    mutating func record(_ nanoseconds: Int64) {
        count += 1
        let step = Int(max(0, nanoseconds) / Self.step)
        if step < Self.steps {
            counts[step] += 1
        } else if long.count < Self.longLimit {
            long.append(nanoseconds)
        }
    }

    /// Forgets everything.
    mutating func reset() {
        guard count > 0 else { return }
        for at in counts.indices { counts[at] = 0 }
        long.removeAll(keepingCapacity: true)
        count = 0
    }

    /// The time that `share` (0…1) of all were not longer than, microseconds, by nearest rank; nil when none was seen.
    func percentile(_ share: Double) -> Double? {
        guard count > 0 else { return nil }
        let rank = max(1, min(count, Int((share * Double(count)).rounded(.up))))
        var seen = 0
        for (step, here) in counts.enumerated() where here > 0 {
            seen += Int(here)
            if seen >= rank { return (Double(step) + 0.5) * Double(Self.step) / 1_000 }
        }
        let rest = long.sorted()
        guard !rest.isEmpty else { return nil }
        return Double(rest[min(rest.count - 1, rank - seen - 1)]) / 1_000
    }
}
