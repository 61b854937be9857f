/// Election and lease of one peer (mesh protocol §7): voter, candidate and holder in one value.
///
/// A voter obeys at most one (epoch, router) until a time. A candidate that holds unexpired grants of more than half of the
/// peers it can reach is router. "Router" is computed from those times whenever it is asked; it is never a flag.
/// It knows peers by id only; `Herd` maps its messages to datagrams.
public struct LeaseRules: Sendable {
    /// One grant that this peer gave.
    struct Grant: Sendable {
        var router: PeerID
        var epoch: UInt64
        var expiry: Instant
        /// The last round of the holder that was granted.
        var round: UInt32
    }

    /// Where this peer stands on its way to a candidacy.
    enum Standing: Sendable {
        case resting
        case waiting(until: Instant)
        case asking(round: UInt32, attempts: Int, next: Instant)
    }

    /// Something that concerns one peer until a time.
    struct Until: Sendable {
        var id: PeerID
        var end: Instant
    }

    /// What others last learnt from `.changed`.
    struct Answers: Equatable, Sendable {
        var router = false
        var mode: RouterMode?
        var obeyed: PeerID?
        var epoch: UInt64 = 0
    }

    let selfID: PeerID
    let configuration: LeaseConfiguration
    var candidacy: Candidacy
    /// What was last asked to be persisted.
    public internal(set) var durable: DurableLease
    var generator: SeededGenerator
    var now: Instant
    var actions: [LeaseAction] = []
    /// When `handle(.wake)` wants to be called next.
    public internal(set) var nextWake = Instant.distantFuture

    // The view, in the order of ids.
    var electors: [Elector] = []
    /// The roster that this peer goes by.
    public internal(set) var roster: Roster
    /// A roster of another lineage to which peers that follow this one belong, and the digest of its last version.
    var foreign: Roster?
    var foreignBase: UInt64 = 0
    // Who left by its own word, and members of the roster not seen for a week.
    var left: [PeerID] = []
    var aged: [PeerID] = []
    var viewKnown = false
    var writable = true
    var stopping = false
    /// `stopping` holds only until the machine is awake again.
    var suspended = false
    var suspensionEnd = Instant.zero
    var nextReturn = Instant.distantFuture
    var returnAttempts = 0

    // The voter.
    var grant: Grant?
    var quarantineEnd = Instant.zero
    /// After a hand-over: only this peer may be granted.
    var reservation: Until?
    /// A router was heard that this peer could not grant.
    var heardRouter: Until?
    /// Whom this peer obeyed until the grant ran out or the process was proven dead, and nothing heard of it since.
    var oldHolder: PeerID?
    var routerlessSince: Instant

    // Candidate and holder.
    var highestSeen: UInt64
    var standing = Standing.resting
    var failures = 0
    var backOffUntil = Instant.zero
    var lease: HeldLease?
    var lastRound: UInt32
    var lastPreference: Instant?
    var routers: [KnownRouter] = []
    /// L as the network demands it, and when it last demanded more than half of L.
    var adaptedLength: Duration
    var lastWideGap = Instant.zero
    /// The length that the router before this peer used, and when it was last heard.
    var followed: (length: Duration, at: Instant)?
    /// As of when this peer had a majority when it lost it.
    var lostMajorityAsOf: Instant?
    var answers = Answers()
    /// The settings that announcements name.
    var settings = SettingsDigest()

    /// Rules for the peer `selfID`, started at `now` with what survived its last run. After an unclean stop the voter stays
    /// silent for the longest grant it may have given (§7.5); a state that never granted anything has nothing to wait for.
    public init(
        selfID: PeerID, candidacy: Candidacy, durable: DurableLease, configuration: LeaseConfiguration, seed: UInt64, now: Instant
    ) {
        self.selfID = selfID
        self.candidacy = candidacy
        self.durable = durable
        self.configuration = configuration
        self.now = now
        generator = SeededGenerator(seed: seed)
        highestSeen = durable.maxEpoch
        adaptedLength = configuration.length
        roster = durable.roster ?? Roster(alone: selfID)
        highestSeen = max(highestSeen, roster.version.epoch)
        routerlessSince = now
        lastRound = UInt32(truncatingIfNeeded: generator.next()) >> 2
        if !durable.cleanExit && (durable.maxEpoch > 0 || durable.longestGrantMilliseconds > 0) {
            let longest = configuration.voterLength(.milliseconds(Int64(durable.longestGrantMilliseconds)))
            quarantineEnd = now + max(longest, configuration.leastQuarantine)
        }
    }

    /// Applies one event. The actions must be performed in their order.
    public mutating func handle(_ event: LeaseEvent, now time: Instant) -> [LeaseAction] {
        now = max(now, time)
        expire()
        switch event {
        case .wake: break
        case .view(let peers, let left, let aged): changeView(peers, left: left, aged: aged)
        case .roster(let roster, let moves, let sender): consider(roster, from: sender, moves: moves)
        case .candidacy(let candidacy): self.candidacy = candidacy
        case .message(let message, let sender): receive(message, from: sender)
        case .announced(let record): hear(record)
        case .processDied(let id): bury(id)
        case .resumed: resume()
        case .suspending: suspend()
        case .storage(let writable, let row): storageChanged(writable, onDisk: row)
        case .settings(let digest): settings = digest
        case .shutdown:
            suspended = false
            shutDown()
        }
        settle()
        reportChange()
        nextWake = wakeTime()
        let result = actions
        actions = []
        return result
    }

    private mutating func receive(_ message: LeaseMessage, from sender: PeerID) {
        guard sender != selfID else { return }
        heard(sender)
        switch message {
        case .preVote(let round):
            answerPreVote(of: sender, round: round)
        case .preVoteReply(let round, let yes, let maxEpoch):
            countPreVote(of: sender, round: round, yes: yes, maxEpoch: maxEpoch)
        case .request(let epoch, let round, let length):
            answerRequest(of: sender, epoch: epoch, round: round, lengthMilliseconds: length)
        case .granted(let epoch, let round, let roster, let moves):
            countGrant(of: sender, epoch: epoch, round: round, roster: roster, moves: moves)
        case .roster(let news):
            receive(news, from: sender)
        case .rejected(let epoch, let round, let maxEpoch, let holder, let remaining):
            countRejection(
                Rejection(voter: sender, epoch: epoch, round: round, maxEpoch: maxEpoch, holder: holder, remaining: remaining))
        case .release(let epoch):
            acceptRelease(of: sender, epoch: epoch)
        case .handOver(let epoch, let successor):
            acceptHandOver(of: sender, epoch: epoch, to: successor)
        }
    }

    /// Everything that follows from the time and the new state.
    private mutating func settle() {
        if stopping {
            returnGrant()
            return
        }
        checkQuorum()
        renewIfDue()
        checkQuorum()
        campaign()
        checkQuorum()
        tendRoster()
    }

    private mutating func reportChange() {
        var new = Answers()
        new.router = isRouter(now: now)
        new.mode = new.router ? mode(now: now) : nil
        new.obeyed = grant?.router
        new.epoch = grant?.epoch ?? 0
        if new != answers {
            answers = new
            actions.append(.changed)
        }
    }

    /// The position of a peer in `electors`.
    func index(of id: PeerID) -> Int? {
        var low = 0
        var high = electors.count
        while low < high {
            let middle = (low + high) / 2
            if electors[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low < electors.count && electors[low].id == id ? low : nil
    }

    /// A new number for a round of questions.
    mutating func nextRound() -> UInt32 {
        lastRound &+= 1
        return lastRound
    }

    /// An epoch that may occur: beyond it lies no room to count on.
    static func isPossible(epoch: UInt64) -> Bool { epoch <= 1 << 62 }

    /// The highest epoch that this peer knows of.
    var highestEpoch: UInt64 { highestSeen }

    /// The highest epoch that is believed of others. No fleet opens 2^32 elections between two words of its peers, so a peer that
    /// names such an epoch is broken, and believing it would use up the numbers. A peer that knows none yet believes the first.
    var highestLearnableEpoch: UInt64 { highestSeen == 0 ? 1 << 62 : min(1 << 62, highestSeen + 1 << 32) }

    /// Notes an epoch that another peer named; false when it cannot be true: then its message says nothing.
    mutating func learn(epoch: UInt64, from peer: PeerID) -> Bool {
        guard epoch <= highestLearnableEpoch else {
            actions.append(.note(.epochRefused(epoch, from: peer)))
            return false
        }
        highestSeen = max(highestSeen, epoch)
        return true
    }
}
