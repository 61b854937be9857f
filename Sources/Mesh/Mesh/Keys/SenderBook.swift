import Crypto
import Gossip

/// What is kept per sender: its keys, generation and replay window. Bounded: the longest unheard go first.
///
/// Senders of authentic datagrams are in it, and members that were only named yet: for these the keys are derived once, so that
/// a forger who writes a member's id costs no more than one decryption per datagram.
struct SenderBook {
    static let limit = 4_096

    private struct Entry {
        /// By id of the fleet key, at most as many as a ring has.
        var keys: [(id: UInt16, key: SymmetricKey)] = []
        /// nil for one whose datagrams were never authentic.
        var generation: UInt32?
        var window = ReplayWindow()
        var lastUse: UInt64

        func key(_ id: UInt16) -> SymmetricKey? { keys.first { $0.id == id }?.key }
    }

    private var entries: [UInt64: Entry] = [:]
    private var uses: UInt64 = 0
    private let limit: Int

    /// Short ids of the members.
    var members: Set<UInt64> = []

    init(limit: Int = SenderBook.limit) { self.limit = limit }

    var count: Int { entries.count }

    /// The key of a sender that was heard before or is a member, derived from this fleet key; nil for strangers.
    mutating func key(of sender: UInt64, from fleetKey: FleetKey) -> SymmetricKey? {
        if let key = entries[sender]?.key(fleetKey.id) { return key }
        guard entries[sender] != nil || members.contains(sender) else { return nil }
        let key = fleetKey.senderKey(sender)
        makeRoom(for: sender)
        entries[sender, default: Entry(lastUse: uses)].keys.append((fleetKey.id, key))
        return key
    }

    /// Takes note of an authentic datagram, or tells why it is dropped.
    mutating func admit(_ envelope: Envelope, key: SymmetricKey) throws(DropFailure) {
        uses += 1
        makeRoom(for: envelope.sender)
        let fresh = Entry(keys: [(envelope.keyID, key)], lastUse: uses)
        if let reason = Self.check(envelope, against: &entries[envelope.sender, default: fresh], use: uses) {
            throw DropFailure(reason)
        }
    }

    /// Forgets keys that are no longer in the ring.
    mutating func keep(keyIDs: [UInt16]) {
        for sender in entries.keys { entries[sender]?.keys.removeAll { !keyIDs.contains($0.id) } }
    }

    private static func check(_ envelope: Envelope, against entry: inout Entry, use: UInt64) -> DropReason? {
        let generation = entry.generation ?? envelope.generation
        guard envelope.generation >= generation else { return .outdated }
        if envelope.generation > generation { entry.window = ReplayWindow() }
        entry.generation = envelope.generation
        guard entry.window.accept(envelope.sequence) else { return .replayed }
        entry.lastUse = use
        return nil
    }

    /// Drops the eighth that was silent longest, so that the search is rare.
    private mutating func makeRoom(for sender: UInt64) {
        guard entries[sender] == nil, entries.count >= limit else { return }
        let order = entries.map { (sender: $0.key, use: $0.value.lastUse) }.sorted { $0.use < $1.use }
        for old in order.prefix(max(1, limit / 8)) { entries[old.sender] = nil }
    }
}
