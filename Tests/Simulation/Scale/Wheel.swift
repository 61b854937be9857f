import HeapModule

/// What happens when: a timer wheel with a heap for what is far away. Everything of one tick happens in the order of posting.
struct Wheel<Entry: Sendable>: Sendable {
    /// Something far away.
    private struct Far: Comparable, Sendable {
        var tick: Int64
        var order: UInt64
        var entry: Entry

        static func < (a: Far, b: Far) -> Bool { (a.tick, a.order) < (b.tick, b.order) }
        static func == (a: Far, b: Far) -> Bool { a.order == b.order }
    }

    private var slots: [[Entry]]
    private var far = Heap<Far>()
    private var order: UInt64 = 0
    /// The present.
    private(set) var tick: Int64 = 0

    private static var size: Int64 { 8_192 }
    /// A tick is a tenth of a millisecond.
    static var nanosecondsPerTick: Int64 { 100_000 }

    /// So many seconds in ticks.
    static func ticks(_ seconds: Double) -> Int64 { Int64(seconds * 1e9) / nanosecondsPerTick }

    /// An empty wheel at tick 0.
    init() { slots = Array(repeating: [], count: Int(Self.size)) }

    /// Plans `entry`; what is not in the future happens at the next tick.
    mutating func post(_ entry: Entry, at wanted: Int64) {
        let at = max(wanted, tick + 1)
        if at - tick < Self.size / 2 {
            slots[Int(at & (Self.size - 1))].append(entry)
        } else {
            order += 1
            far.insert(Far(tick: at, order: order, entry: entry))
        }
    }

    /// Goes on to the next tick with entries, at most to `end`, and takes them into `batch`, which must be empty.
    /// False when there were none up to `end`.
    mutating func advance(until end: Int64, into batch: inout [Entry]) -> Bool {
        while tick < end {
            tick += 1
            if tick & (Self.size / 2 - 1) == 0 { fetch() }
            let slot = Int(tick & (Self.size - 1))
            guard !slots[slot].isEmpty else { continue }
            swap(&batch, &slots[slot])
            return true
        }
        return false
    }

    /// Brings near what is no longer far.
    private mutating func fetch() {
        while let first = far.min, first.tick < tick + Self.size / 2 + 1 {
            let next = far.removeMin()
            slots[Int(next.tick & (Self.size - 1))].append(next.entry)
        }
    }
}
