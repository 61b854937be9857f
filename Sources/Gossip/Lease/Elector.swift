/// Another peer of the view as the election sees it: a voter, and what this peer as holder knows of its grant.
struct Elector: Sendable {
    let id: PeerID
    var suspect: Bool
    var candidacy: Candidacy
    /// Found dead or silent: asked on, but a majority is not counted over it (view' of §7.6) until it is heard again.
    var silent = false
    /// Since when it is in the view without suspicion.
    var aliveSince: Instant?
    /// Its answer to the current pre-vote.
    var preVote: Bool?

    /// Until when it obeys this peer, counted from the send of the acknowledged round; `zero`: not at all.
    var validUntil = Instant.zero
    /// When the latest round that it acknowledged was sent.
    var acknowledged = Instant.zero
    /// The epoch of that grant.
    var grantedEpoch: UInt64 = 0
    /// The latest round that it granted and that it rejected.
    var grantedRound: UInt32 = 0
    var rejectedRound: UInt32 = 0
    /// The roster that it goes by, as its last grant said: the digest.
    var rosterHash: UInt64 = 0
    /// It belongs to this peer's roster.
    var isOnRoster = false
    /// How often it has gone over to another lineage, as its latest word says: an older word says nothing any more.
    var rosterMoves: UInt32 = 0
    /// It said that it goes by a roster of another lineage.
    var isElsewhere = false
    /// The roster that it was last told, and when.
    var offered: UInt64 = 0
    var offeredAt = Instant.zero
    /// It answered the current renewal.
    var answered = false
    /// It rejected the current election.
    var refused = false
    /// Requests since it was last heard.
    var unanswered = 0

    init(_ peer: LeasePeer, now: Instant) {
        id = peer.id
        suspect = peer.suspect
        candidacy = peer.candidacy
        aliveSince = peer.suspect ? nil : now
    }

    /// Takes over a new state of the same peer. Cleared of suspicion, it counts again.
    mutating func update(_ peer: LeasePeer, now: Instant) {
        if suspect && !peer.suspect {
            silent = false
        }
        aliveSince = peer.suspect ? nil : aliveSince ?? now
        suspect = peer.suspect
        candidacy = peer.candidacy
    }

    /// Forgets what was held of it.
    mutating func forgetGrant() {
        validUntil = .zero
        acknowledged = .zero
        grantedEpoch = 0
        rosterHash = 0
        offered = 0
        grantedRound = 0
        rejectedRound = 0
        answered = false
        refused = false
        unanswered = 0
    }
}
