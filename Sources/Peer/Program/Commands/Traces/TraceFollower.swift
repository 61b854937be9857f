import API

/// Tells which traces of a page nobody has seen yet.
///
/// A trace is written when its request ends, but stands in the list where it began, and the shards of other machines come and
/// go: so no place in the list parts old from new. What was shown is remembered instead.
struct TraceFollower {
    /// Which attempt in which shard.
    private struct Key: Hashable {
        let shard: String
        let request: String
        let attempt: Int
        let role: String
    }

    /// At least so many are remembered, at most twice as many; more than are looked through at once.
    static let remembered = 20_000

    private var seen: Set<Key> = []
    private var seenBefore: Set<Key> = []
    /// What ended before, seconds since 1970, is old, whenever it appears: a machine may come back with its shard.
    private let start: Double

    /// - Parameter start: now, less what the clocks of machines may differ.
    init(start: Double) {
        self.start = start
    }

    /// Those that are new, the oldest first.
    /// - Parameter page: the newest first, as the route has them.
    mutating func fresh(_ page: [TraceBody.Trace]) -> [TraceBody.Trace] {
        page.reversed().filter { trace in
            mark(trace) && trace.timestamp + (trace.latency_ms ?? 0) / 1_000 >= start
        }
    }

    /// Remembers what is shown already.
    mutating func skip(_ page: [TraceBody.Trace]) {
        for trace in page { _ = mark(trace) }
    }

    /// It was not known.
    private mutating func mark(_ trace: TraceBody.Trace) -> Bool {
        let key = Key(shard: trace.shard ?? "", request: trace.request_id, attempt: trace.attempt, role: trace.role ?? "")
        if seen.count >= Self.remembered { (seenBefore, seen) = (seen, []) }
        // Into the younger half in any case: what is still in the list is not forgotten.
        return seen.insert(key).inserted && !seenBefore.contains(key)
    }
}
