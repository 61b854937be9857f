/// How long a request in line will wait, from what was measured.
public enum WaitEstimate {
    /// A machine that can serve it.
    public struct Machine: Hashable, Sendable {
        /// Requests for the model that it runs at once.
        public var slots: Int
        /// 75th percentile of what it takes for one, milliseconds; nil without a measurement.
        public var serviceMilliseconds: Double?
        /// Requests for the model that wait there already.
        public var queued: Int

        /// A machine.
        public init(slots: Int, serviceMilliseconds: Double?, queued: Int) {
            self.slots = slots
            self.serviceMilliseconds = serviceMilliseconds
            self.queued = queued
        }
    }

    /// No estimate is longer, milliseconds.
    static let longest = 86_400_000.0

    /// Milliseconds until the request at `position` (counted from 1) runs: those before it, and itself, leave at the rate at
    /// which all machines together finish. A machine without a measurement counts as the mean of the others. Nil where nothing
    /// was measured or nothing can run.
    public static func milliseconds(position: Int, machines: [Machine]) -> Double? {
        let known = machines.compactMap(\.serviceMilliseconds).filter { $0.isFinite && $0 >= 0 }
        guard !known.isEmpty else { return nil }
        let mean = known.reduce(0, +) / Double(known.count)
        var rate = 0.0
        var before = max(0, position)
        for machine in machines where machine.slots > 0 {
            rate += Double(machine.slots) / max(1, machine.serviceMilliseconds ?? mean)
            before += max(0, machine.queued)
        }
        return rate > 0 ? min(Self.longest, Double(before) / rate) : nil
    }
}
