import HeapModule

/// What a peer waits for. A timer whose cause has gone fires without effect.
struct Timers: Sendable {
    /// What is due.
    enum Kind: Sendable {
        /// The next probe of the round.
        case tick
        /// The next step of the probe with this number.
        case probe(UInt32)
        /// The nack or the end of a probe made for another.
        case relay(UInt32)
        /// The next step of a suspicion.
        case suspicion(PeerID)
        /// An unreachable member's next dial.
        case redial(PeerID)
        /// An address's next dial.
        case dial(UInt32)
        /// The first ping to a member known by rumour only.
        case greet(PeerID)
        /// The next members that are told something directly.
        case call
        /// The next try to reach a member by UDP again.
        case trial(PeerID)
        /// Another look at who else uses this peer's id.
        case twin
        /// A pull of missing records.
        case pull(PeerID)
        /// The own hot record.
        case hot
        /// A gossip round.
        case gossip
        /// A push/pull with a random member.
        case sync
        /// Ten minutes of uptime.
        case seasoned
        /// The forgetting of members not seen for seven days.
        case sweep
    }

    /// One timer.
    struct Entry: Comparable, Sendable {
        var at: Instant
        var order: UInt64
        var kind: Kind

        static func < (a: Entry, b: Entry) -> Bool { (a.at, a.order) < (b.at, b.order) }
        static func == (a: Entry, b: Entry) -> Bool { a.order == b.order }
    }

    private var heap = Heap<Entry>()
    private var lastOrder: UInt64 = 0

    /// When the first is due.
    var next: Instant { heap.min?.at ?? .distantFuture }
    /// How many there are, outdated ones included.
    var count: Int { heap.count }

    /// Adds a timer.
    mutating func add(_ kind: Kind, at instant: Instant) {
        lastOrder += 1
        heap.insert(Entry(at: instant, order: lastOrder, kind: kind))
    }

    /// Takes the first timer if it is due.
    mutating func popDue(_ now: Instant) -> Entry? {
        guard let first = heap.min, first.at <= now else { return nil }
        return heap.removeMin()
    }
}
