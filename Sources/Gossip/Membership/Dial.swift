/// An address that is dialled until somebody answers (mesh protocol §6).
struct Dial: Sendable {
    /// Its number in this process, for timers.
    var number: UInt32
    /// Where.
    var endpoint: Endpoint
    /// Who named it.
    var source: AddressSource
    /// Dials so far.
    var tries = 0
    /// When to dial next.
    var dueAt: Instant?
    /// When it was dialled last.
    var dialledAt: Instant?
    /// The number of the last ping.
    var sequence: UInt32 = 0
    /// Who answered there; for seeds, which are kept.
    var answeredBy: PeerID?

    /// It was dialled less than a second ago.
    func isFresh(_ now: Instant) -> Bool { dialledAt.map { now - $0 < .seconds(1) } ?? false }
}
