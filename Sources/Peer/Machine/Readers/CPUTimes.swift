/// The counters of the first line of `/proc/stat`: ticks since the machine started.
struct CPUTimes: Hashable, Sendable {
    /// Ticks of work, and ticks that a hypervisor gave to others.
    let busy: UInt64
    /// All ticks.
    let total: UInt64

    /// The counters in a text that starts with `cpu  1 2 3 4 …`; nil where it does not.
    init?(stat: String) {
        guard let line = stat.split(separator: "\n", maxSplits: 1).first, line.hasPrefix("cpu ") else { return nil }
        // user, nice, system, idle, iowait, irq, softirq, steal; guest time behind them is part of user time already.
        let fields = line.dropFirst(4).split(separator: " ").prefix(8)
        let ticks = fields.compactMap { UInt64($0) }
        guard ticks.count == fields.count, ticks.count >= 4 else { return nil }
        let idle = ticks[3] &+ (ticks.count > 4 ? ticks[4] : 0)
        total = ticks.reduce(0, &+)
        busy = total &- idle
    }

    /// The part of work since `earlier`, percent; nil when no time passed or a counter went back.
    func busyPercent(since earlier: CPUTimes) -> Double? {
        guard total > earlier.total else { return nil }
        let work = busy >= earlier.busy ? busy - earlier.busy : 0
        return min(100, Double(work) * 100 / Double(total - earlier.total))
    }
}
