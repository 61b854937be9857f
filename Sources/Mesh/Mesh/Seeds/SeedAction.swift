import Gossip

/// What the seeds want done.
enum SeedAction: Equatable {
    /// Look the host up.
    case resolve(seed: Int, host: String)
    /// `GET /herd/v1/mesh` there.
    case ask(seed: Int, Endpoint)
    /// Dial by UDP.
    case candidate(Endpoint, expected: UInt64?)
    /// The state changed in a way that is worth a log line.
    case changed(seed: Int)
}
