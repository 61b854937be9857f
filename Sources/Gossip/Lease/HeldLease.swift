/// The holder's side of a lease: an election that runs, or the role that it won.
struct HeldLease: Sendable {
    /// A round of requests: an answer counts from its sending (§7.4.3).
    struct Round: Sendable {
        let number: UInt32
        let sentAt: Instant
        let length: Duration
    }

    /// The fencing number; a new term in place raises it.
    var epoch: UInt64
    /// When this term was opened.
    var openedAt: Instant
    /// The length that requests carry.
    var length: Duration
    /// Rounds whose answers may still count, oldest first.
    var rounds: [Round] = []
    /// Until when this peer obeys itself as router, on the holder's count.
    var ownUntil = Instant.zero
    /// When the role was first won; nil while the election runs.
    var electedAt: Instant?
    /// The majority is missing for now; `deadline` ends the wait for it.
    var lapsed = false
    /// When to give up without a majority.
    var deadline: Instant
    /// Rejections do not end it before `deadline`: the voters are about to be free.
    var patient: Bool
    var nextRenewal: Instant
    var nextRetransmit: Instant
    /// A voter has seen a higher epoch: open a new term at the next renewal.
    var reopenWanted = false
    /// What was announced last: the merge rule compares this, as others know it.
    var announced: LeaseRecord?
    var announcedAt = Instant.zero
    var counter: UInt32 = 0
    /// More than half of the electorate has acknowledged a round that was sent then or later.
    var majorityAsOf = Instant.zero

    /// The roster before the change that is on its way to the peers, and that change.
    var previousRoster: Roster?
    var rosterStep: RosterNews?
    /// No change of the roster before this.
    var nextRosterChange = Instant.zero
    /// Since when nobody can hold more than half of the roster any more.
    var rosterDeadSince: Instant?

    /// The round with this number, if its answers still count.
    func round(_ number: UInt32) -> Round? { rounds.last { $0.number == number } }

    /// Remembers a round; drops those too old to be of use, and never keeps more than 256.
    mutating func remember(_ round: Round) {
        rounds.removeAll { $0.sentAt + $0.length <= round.sentAt }
        if rounds.count >= 256 {
            rounds.removeFirst()
        }
        rounds.append(round)
    }
}
