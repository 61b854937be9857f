/// One probe of one member, from its first ping to its verdict.
struct Probe: Sendable {
    /// Why it runs.
    enum Purpose: Sendable {
        /// The turn of this member in the round.
        case cycle
        /// Something hinted that the member may be gone.
        case hint
        /// The last chance of a suspect: its steps belong to the suspicion.
        case lastChance
    }

    /// What to do at `stepAt`.
    enum Step: Sendable {
        case resend
        case askHelpers
        case conclude
    }

    /// Why it runs.
    var purpose: Purpose
    /// Who is probed.
    var target: PeerID
    /// The number that an answer must carry.
    var sequence: UInt32
    /// The direct ping's time-out, stretched by the local health multiplier.
    var timeout: Duration
    /// When it started.
    var startedAt: Instant
    /// When it has failed.
    var endsAt: Instant
    /// When the last direct ping was sent.
    var pingedAt: Instant
    /// What comes next.
    var step = Step.resend
    /// The helpers that were asked, by short id.
    var helpers: [UInt64] = []
    /// Helpers that said that they got no answer either.
    var nacks = 0
}
