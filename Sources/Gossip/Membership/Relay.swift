/// A probe that this peer makes for another (SWIM's indirect probe).
struct Relay: Sendable {
    /// The number of this peer's own ping.
    var sequence: UInt32
    /// Who is probed, by short id.
    var target: UInt64
    /// Who asked.
    var origin: Endpoint
    /// The number that the answer must carry.
    var originSequence: UInt32
    /// The question came inside a peer link: so goes the answer.
    var isTunnelled: Bool
    /// The version that the question was written in.
    var version: UInt8
    /// When it is forgotten.
    var endsAt: Instant
    /// The nack was sent.
    var isNacked = false
}
