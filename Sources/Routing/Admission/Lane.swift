import DequeModule
import Gossip

/// One engine's model on this machine: what runs, what waits, how long it takes.
struct Lane: Sendable {
    struct Name: Hashable, Comparable, Sendable {
        var backend: String
        var model: ModelKey

        static func < (a: Name, b: Name) -> Bool { (a.backend, a.model) < (b.backend, b.model) }
    }

    struct Run: Sendable {
        var request: UInt64
        var startedAt: Instant
    }

    /// How much the newest runtime counts in the mean.
    private static let newestShare = 0.2
    /// A run that takes longer than the mean is expected to take this share of it still.
    private static let leastRemainder = 0.1

    /// Oldest first.
    private(set) var running: [Run] = []
    /// Oldest first.
    private(set) var waiting: Deque<UInt64> = []
    /// Moving mean of finished runtimes, seconds; nil before the first.
    private(set) var meanSeconds: Double?

    var isIdle: Bool { running.isEmpty && waiting.isEmpty }

    mutating func start(_ request: UInt64, now: Instant) { running.append(Run(request: request, startedAt: now)) }

    mutating func queue(_ request: UInt64) { waiting.append(request) }

    /// The oldest waiting request moves to the running ones, if there is one and `slots` allow it.
    mutating func promote(slots: Int, now: Instant) -> UInt64? {
        guard running.count < slots, let next = waiting.popFirst() else { return nil }
        start(next, now: now)
        return next
    }

    mutating func dropWaiting(_ request: UInt64) { waiting.removeAll { $0 == request } }

    /// Takes a running request out; `counts` when its runtime says something of the next.
    mutating func stop(_ request: UInt64, now: Instant, counts: Bool) {
        guard let place = running.firstIndex(where: { $0.request == request }) else { return }
        let run = running.remove(at: place)
        guard counts else { return }
        let seconds = Double(max(0, (now - run.startedAt).wholeNanoseconds)) / 1e9
        meanSeconds = meanSeconds.map { $0 + Self.newestShare * (seconds - $0) } ?? seconds
    }

    /// Seconds until a request that comes now would run, behind all that wait; nil while no runtime is known.
    func etaSeconds(slots: Int, now: Instant) -> Double? {
        guard let meanSeconds, slots > 0 else { return nil }
        if running.count < slots && waiting.isEmpty { return 0 }
        let remainders = running.map { run in
            let elapsed = Double(max(0, (now - run.startedAt).wholeNanoseconds)) / 1e9
            return max(meanSeconds - elapsed, Self.leastRemainder * meanSeconds)
        }.sorted()
        guard !remainders.isEmpty else { return Double(waiting.count / slots) * meanSeconds }
        // So many runs end before a slot is this request's.
        let ends = max(0, running.count - slots) + waiting.count
        return remainders[ends % remainders.count] + Double(ends / remainders.count) * meanSeconds
    }
}
