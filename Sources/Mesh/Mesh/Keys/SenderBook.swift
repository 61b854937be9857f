import Crypto
import Gossip

/// What is kept per sender of authentic datagrams: its key, generation and replay window. Bounded: the longest unheard go first.
struct SenderBook {
    static let limit = 4_096

    private struct Entry {
        var key: SymmetricKey
        var generation: UInt32
        var window: ReplayWindow
        var lastUse: UInt64
    }

    private var entries: [UInt64: Entry] = [:]
    private var uses: UInt64 = 0
    private let limit: Int

    init(limit: Int = SenderBook.limit) { self.limit = limit }

    var count: Int { entries.count }

    /// The key of a sender heard before.
    func key(of sender: UInt64) -> SymmetricKey? { entries[sender]?.key }

    /// Takes note of an authentic datagram, or tells why it is dropped.
    mutating func admit(_ envelope: Envelope, key: SymmetricKey) throws(DropFailure) {
        uses += 1
        if entries[envelope.sender] == nil, entries.count >= limit { evict() }
        let fresh = Entry(key: key, generation: envelope.generation, window: ReplayWindow(), lastUse: uses)
        if let reason = Self.check(envelope, against: &entries[envelope.sender, default: fresh], use: uses) {
            throw DropFailure(reason)
        }
    }

    private static func check(_ envelope: Envelope, against entry: inout Entry, use: UInt64) -> DropReason? {
        guard envelope.generation >= entry.generation else { return .outdated }
        if envelope.generation > entry.generation {
            entry.generation = envelope.generation
            entry.window = ReplayWindow()
        }
        guard entry.window.accept(envelope.sequence) else { return .replayed }
        entry.lastUse = use
        return nil
    }

    /// Drops the eighth that was silent longest, so that the search is rare.
    private mutating func evict() {
        let order = entries.map { (sender: $0.key, use: $0.value.lastUse) }.sorted { $0.use < $1.use }
        for old in order.prefix(max(1, limit / 8)) { entries[old.sender] = nil }
    }
}
