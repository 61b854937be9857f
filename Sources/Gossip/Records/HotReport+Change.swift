extension HotReport {
    /// `other` differs so much that everybody should know soon (mesh protocol §4.2.1): load, drain, heat and power by any
    /// change, memory by 5 %, processor and GPU by 10 points, a model's times by 20 %.
    func differsMaterially(from other: HotReport) -> Bool {
        if inFlight != other.inFlight || queued != other.queued || slots != other.slots { return true }
        if draining != other.draining || thermal != other.thermal || pressure != other.pressure { return true }
        if onBattery != other.onBattery { return true }
        if Self.differ(cpuPercent, other.cpuPercent, by: 10) { return true }
        if Self.differ(memoryAvailableMiB, other.memoryAvailableMiB, percent: 5) { return true }
        guard gpus.count == other.gpus.count, loaded.count == other.loaded.count else { return true }
        for (mine, theirs) in zip(gpus, other.gpus) {
            if Self.differ(mine.freeMiB, theirs.freeMiB, percent: 5) { return true }
            if Self.differ(mine.busyPercent, theirs.busyPercent, by: 10) { return true }
        }
        for (mine, theirs) in zip(loaded, other.loaded) {
            if mine.key != theirs.key || mine.inFlight != theirs.inFlight || mine.queued != theirs.queued { return true }
            if Self.differ(mine.firstTokenP75 ?? 0, theirs.firstTokenP75 ?? 0, percent: 20) { return true }
            if Self.differ(mine.tokensPerSecondP75 ?? 0, theirs.tokensPerSecondP75 ?? 0, percent: 20) { return true }
        }
        return false
    }

    private static func differ(_ a: UInt8, _ b: UInt8, by points: UInt8) -> Bool { max(a, b) - min(a, b) >= points }

    private static func differ<Value: UnsignedInteger>(_ a: Value, _ b: Value, percent: UInt64) -> Bool {
        a != b && UInt64(max(a, b) - min(a, b)) * 100 >= UInt64(max(a, b)) * percent
    }
}
