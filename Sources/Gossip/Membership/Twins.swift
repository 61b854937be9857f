/// What this peer found out about another process under its own id (mesh protocol §3.1, decision 0020).
struct Twins: Sendable {
    /// A question to an address: "who are you that uses my id?"
    struct Challenge: Sendable {
        var endpoint: Endpoint
        var sequence: UInt32
        var uptimeMilliseconds: UInt64
        var at: Instant
    }

    /// An answer by somebody else with this peer's id.
    struct Sighting: Sendable {
        var endpoint: Endpoint
        var at: Instant
        /// That process has been running longer.
        var isOlder: Bool
    }

    /// Questions under way, the latest last.
    var challenges: [Challenge] = []
    /// Answers within the last ten seconds.
    var sightings: [Sighting] = []
    /// This process has said that it takes a new id.
    var isReidentified = false

    /// No more questions than this are remembered.
    static let mostChallenges = 8
    /// Two answers within this are proof.
    static let window = Duration.seconds(10)
    /// Uptimes that differ by less are equal: the answer was under way for a while.
    static let tie: UInt64 = 1_000
}
