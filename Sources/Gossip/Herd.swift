/// One peer's rules: membership, records and lease as one value. Events and the time go in, actions come out.
///
/// The same value runs under the network shell, in the simulator and from a recorded transcript. Reading order:
/// `Herd+Timers` (what happens by itself), `Membership/Herd+Receiving` (what a datagram does), `Membership/Herd+Probing` and
/// `Herd+Suspicion` (how a dead peer is noticed), `Membership/Herd+Rumours`, `Membership/Herd+Dialling`, then `Records/`.
public struct Herd: Sendable {
    /// This peer's own record; its endpoint is what others are told.
    public internal(set) var selfRecord: MemberRecord

    let configuration: HerdConfiguration
    let startedAt: Instant
    var lease: LeaseRules
    var random: SeededGenerator
    var members = MemberTable()
    var prober: Prober
    var dialling = Dialling()
    var own: OwnRecords
    var rumours = RumourQueue()
    var announcements: [Announcement] = []
    var settingsTable: SettingsTable
    /// Members of the roster not seen for a week.
    var agedPeers: [PeerID] = []
    /// Since when the router that this peer follows has another roster.
    var rosterDiffersSince: Instant?
    var timers = Timers()
    /// When the last gossip round was, and when the next one is due.
    var gossipedAt: Instant?
    var gossipDueAt: Instant?
    /// No pull for the sake of a hot record alone before this: under full load they would never end.
    var nextHotPull = Instant.zero
    /// When somebody with this peer's id was last reported.
    var clashNotedAt: Instant?
    var twins = Twins()
    /// Members that are told something directly, a few at a time.
    var calls = Calls()
    /// The machine was said to fall asleep: silent until it is back, or until this.
    var asleepUntil: Instant?
    /// What was sent within the last second.
    var traffic = Traffic()
    /// Peers that speak no version that this one does, and when that was last said of one.
    var incompatibleNotedAt: Instant?
    /// How the datagram that is being handled came; nil between datagrams.
    var incoming: Incoming?
    /// The time of the event that is being handled.
    var present: Instant
    var isStopped = false

    /// What the current event changed, and what it wants done.
    var changed = Changes()
    var actions: [HerdAction] = []

    /// A peer that starts now. Dial its seeds by `candidate` events; `remembered` are the peers that an earlier run wrote down.
    ///
    /// `selfRecord.generation` must be higher than in every earlier run, and on disk.
    public init(
        configuration: HerdConfiguration, selfRecord: MemberRecord, durable: DurableLease, seed: UInt64, now: Instant,
        remembered: [RememberedPeer] = []
    ) {
        self.configuration = configuration
        self.selfRecord = selfRecord
        self.selfRecord.status = .alive
        startedAt = now
        present = now
        random = SeededGenerator(seed: seed)
        prober = Prober(sequence: UInt32(truncatingIfNeeded: random.next()))
        own = OwnRecords(published: PeerRecords())
        settingsTable = SettingsTable(tombstoneTime: configuration.rememberFor)
        lease = LeaseRules(
            selfID: selfRecord.id, candidacy: selfRecord.candidacy, durable: durable, configuration: configuration.lease,
            seed: random.next(), now: now)
        changed.leaseView = true
        recall(remembered, now)
        findAgedPeers(now)
        startTimers(now)
    }

    /// Applies one event.
    public mutating func handle(_ event: HerdEvent, now: Instant) -> [HerdAction] {
        present = now
        guard !isStopped else { return afterGoodbye(event, now) }
        if asleepUntil != nil, !isAwakenedBy(event, now) { return doze(event, now) }
        switch event {
        case .wake: runTimers(now)
        case .datagram(let datagram, let from): receive(datagram, from: from, isTunnelled: false, now)
        case .candidate(let endpoint, let source, let expected): consider(endpoint, source: source, expected: expected, now)
        case .farewellHint(let shortID): if let index = members.index(short: shortID) { probeAtOnce(index, now) }
        case .synced(let message, let from): receive(message, from: from, now)
        case .syncFailed(let endpoint): pullFailed(endpoint, now)
        case .hot(let report): publish(report, now)
        case .cold(let kind, let payload): publish(kind, payload, now)
        case .candidacy(let candidacy): stand(candidacy, now)
        case .evidence(let evidence, let id): weigh(evidence, of: id, now)
        case .processDied(let id): bury(id, now)
        case .resumed: resume(now)
        case .suspending: fallAsleep(now)
        case .ownEndpoint(let endpoint): move(to: endpoint, now)
        case .tunnelled(let datagram, let from): receive(datagram, from: from, isTunnelled: true, now)
        case .tunnelFailed(let endpoint): tunnelFailed(endpoint, now)
        case .credentials(let pin, let keyIDs): carry(pin, keyIDs)
        case .storage(let writable, let row): feed(.storage(writable: writable, onDisk: row), now)
        case .restoreSettings(let entries): restoreSettings(entries, now)
        case .writeSetting(let key, let value): writeSetting(key: key, value: value, now)
        case .shutdown: shutDown(now)
        }
        settle(now)
        return takeActions()
    }

    /// Hands out what is to be done.
    mutating func takeActions() -> [HerdAction] {
        let result = actions
        actions = []
        return result
    }

    /// When `handle(.wake)` wants to be called next; at once before the first event.
    public var nextWake: Instant {
        if isStopped { return lease.nextWake }
        if let asleepUntil { return min(asleepUntil, lease.nextWake) }
        return changed.leaseView ? startedAt : min(timers.next, lease.nextWake)
    }
}
