/// Members that are told something directly, a few at a time, so that a large fleet costs no burst.
struct Calls: Sendable {
    /// Who is still to be told.
    var waiting: [PeerID] = []
    /// With which message; this peer's own record rides along.
    var message = Message.gossip
    /// The timer runs.
    var isTimed = false

    /// So many are told at once.
    static let batch = 12
    /// The time between two batches.
    static let spacing = Duration.milliseconds(150)
    /// So many are told goodbye directly, twice; gossip tells the rest.
    static let mostFarewells = 48
}
