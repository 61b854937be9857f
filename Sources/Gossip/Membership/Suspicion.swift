/// A member's trial: it missed probes and has a while to answer (SWIM, with Lifeguard's decaying time-out).
struct Suspicion: Sendable {
    /// When this peer first knew of it, or when the last sign of life by way of a helper started it anew.
    var startedAt: Instant
    /// Who suspects the member, by short id, each independently: three at most.
    var accusers: [UInt64]
    /// When the next step is due: the first last-chance probe, another one, or the end.
    var wakeAt: Instant
    /// Last-chance probes still to send; nil before that phase.
    var chancesLeft: Int?
}
