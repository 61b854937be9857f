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
        var client: UInt64
        var startedAt: Instant
    }

    struct Waiting: Sendable {
        var request: UInt64
        var place: FairPlace
    }

    /// How much the newest runtime counts in the mean.
    private static let newestShare = 0.2
    /// A run that takes longer than the mean is expected to take this share of it still.
    private static let leastRemainder = 0.1

    /// Oldest first.
    private(set) var running: [Run] = []
    /// In the order of arrival; `promote` goes by their places.
    private(set) var waiting: [Waiting] = []
    private var share = FairShare()
    /// Moving mean of finished runtimes, seconds; nil before the first.
    private(set) var meanSeconds: Double?
    /// The last finished runtimes.
    private(set) var services = ServiceTimes()

    var isIdle: Bool { running.isEmpty && waiting.isEmpty }

    /// The client has nothing here.
    func isNew(_ client: UInt64) -> Bool {
        !running.contains { $0.client == client } && !waiting.contains { $0.place.turn.client == client }
    }

    /// It runs at once; its client's next one stands behind those of others.
    mutating func start(_ request: UInt64, _ turn: Turn, now: Instant) {
        share.left(share.place(turn, now: now))
        run(request, turn, now: now)
    }

    /// Starts it where a slot is free and nobody waits for one; false where it is not.
    mutating func startIfFree(_ request: UInt64, _ turn: Turn, slots: Int, now: Instant) -> Bool {
        guard running.count < slots, waiting.isEmpty else { return false }
        start(request, turn, now: now)
        return true
    }

    private mutating func run(_ request: UInt64, _ turn: Turn, now: Instant) {
        running.append(Run(request: request, client: turn.client, startedAt: now))
    }

    mutating func queue(_ request: UInt64, _ turn: Turn, now: Instant) {
        waiting.append(Waiting(request: request, place: share.place(turn, now: now)))
    }

    /// The waiting request whose turn it is moves to the running ones, if there is one and `slots` allow it.
    mutating func promote(slots: Int, now: Instant) -> UInt64? {
        guard running.count < slots,
            let at = waiting.indices.min(by: { share.precedes(waiting[$0].place, waiting[$1].place, now: now) })
        else { return nil }
        let next = waiting.remove(at: at)
        share.left(next.place)
        run(next.request, next.place.turn, now: now)
        return next.request
    }

    mutating func dropWaiting(_ request: UInt64) { waiting.removeAll { $0.request == request } }

    /// Takes a running request out; `counts` when its runtime says something of the next.
    mutating func stop(_ request: UInt64, now: Instant, counts: Bool) {
        guard let place = running.firstIndex(where: { $0.request == request }) else { return }
        let run = running.remove(at: place)
        guard counts else { return }
        let seconds = Double(max(0, (now - run.startedAt).wholeNanoseconds)) / 1e9
        meanSeconds = meanSeconds.map { $0 + Self.newestShare * (seconds - $0) } ?? seconds
        services.add(milliseconds: seconds * 1_000)
    }

    /// Seconds until a request that comes now would run, behind `ahead` of those that wait; nil while no runtime is known.
    func etaSeconds(slots: Int, ahead: Int, now: Instant) -> Double? {
        etaSeconds(slots: slots, ahead: ahead, runtime: meanSeconds, now: now)
    }

    /// The same where each run takes `runtime` seconds.
    private func etaSeconds(slots: Int, ahead: Int, runtime: Double?, now: Instant) -> Double? {
        guard let runtime, slots > 0 else { return nil }
        if running.count < slots && ahead == 0 { return 0 }
        let remainders = running.map { run in
            let elapsed = Double(max(0, (now - run.startedAt).wholeNanoseconds)) / 1e9
            return max(runtime - elapsed, Self.leastRemainder * runtime)
        }.sorted()
        guard !remainders.isEmpty else { return Double(ahead / slots) * runtime }
        // So many runs end before a slot is this request's.
        let ends = max(0, running.count - slots) + ahead
        return remainders[ends % remainders.count] + Double(ends / remainders.count) * runtime
    }

    /// Who waits, in the order in which they will run, each with the milliseconds until then by the 75th percentile of the last
    /// runtimes; nil while none is known.
    func standings(slots: Int, now: Instant) -> [(request: UInt64, place: FairPlace, estimate: Double?)] {
        waiting.sorted { share.precedes($0.place, $1.place, now: now) }.enumerated().map { offset, entry in
            let seconds = etaSeconds(slots: slots, ahead: offset, runtime: services.p75.map { $0 / 1_000 }, now: now)
            return (entry.request, entry.place, seconds.map { $0 * 1_000 })
        }
    }
}
