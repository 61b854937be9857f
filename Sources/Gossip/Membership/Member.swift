/// Everything that this peer knows of one other.
struct Member: Sendable {
    /// What it says of itself, with the address where it can be reached from here; `status` is never `suspect`.
    var record: MemberRecord
    /// How this peer learnt the address.
    var source: AddressSource
    /// Only remembered from an earlier run: nothing of this run's versions is known, and nothing is told of it.
    var isPlaceholder = false
    /// When anything was last heard from it directly.
    var lastHeard: Instant?
    /// When there was last any word that it lives: what the seven days count from.
    var lastSeen: Instant
    /// The trial that it stands, if any.
    var suspicion: Suspicion?
    /// Failed probes in a row.
    var strikes = 0
    /// A rumour says that it is dead, but it was heard a moment ago: one failed probe now decides.
    var deathRumoured = false
    /// Its datagrams do not come through, or this peer's do not reach it: they travel inside peer links.
    var isUDPBlocked = false
    /// Probes in a row that it answered by TCP only.
    var onlyTCP = 0
    /// When a datagram of it last came by UDP.
    var heardByUDP: Instant?
    /// The number of the last ping by UDP to see whether that works again, and when it was sent.
    var trial: UInt32 = 0
    var triedAt: Instant?
    /// When it was last probed.
    var probedAt: Instant?
    /// How long its answers take.
    var roundTrip = RoundTrip()
    /// When this peer last told others that it was seen at two addresses.
    var hintedAt: Instant?
    /// When it was last told what is believed of it.
    var contestedAt: Instant?
    /// When to dial it again while it is unreachable.
    var redialAt: Instant?
    /// Dials since it became unreachable.
    var redials = 0
    /// Its records.
    var records = PeerRecords()
    /// By how much its hot record was confirmed since a view was asked for.
    var ageGain = Duration.zero
    /// What is missing of them.
    var pull = Pull()
    /// The rumour of its member record that is under way; 0 for none.
    var memberRumour: UInt32 = 0
    /// The rumour of its hot record that is under way; 0 for none.
    var hotRumour: UInt32 = 0
    /// How often the address went back and forth since `flippingSince`.
    var flips = 0
    /// When the first of these changes was.
    var flippingSince: Instant?

    /// A member just learnt of.
    init(record: MemberRecord, source: AddressSource, now: Instant) {
        self.record = record
        self.source = source
        lastSeen = now
    }

    var id: PeerID { record.id }

    /// Status with suspicion.
    var status: MemberStatus { suspicion != nil && record.status == .alive ? .suspect : record.status }

    /// It is alive or suspect: probed, told and counted in the view.
    var isActive: Bool { record.status == .alive }

    /// Compares (generation, incarnation) with this member's.
    func isOlder(than generation: UInt32, _ incarnation: UInt32) -> Bool {
        (record.generation, record.incarnation) < (generation, incarnation)
    }

    /// (generation, incarnation) is what is known of this member.
    func isAt(_ generation: UInt32, _ incarnation: UInt32) -> Bool {
        record.generation == generation && record.incarnation == incarnation
    }
}
