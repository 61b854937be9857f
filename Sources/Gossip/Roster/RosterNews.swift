/// What one peer tells another of a roster.
public enum RosterNews: Hashable, Sendable {
    /// The roster itself, at most `mostTold` peers. With `moves` it is the sender's own, who has gone over to another lineage so
    /// often; without, it is what the router made of another fleet's.
    case whole(Roster, moves: UInt32?)
    /// The step from the roster with the digest `base`.
    case step(base: UInt64, RosterChange, RosterVersion)

    /// The largest roster that fits a datagram. Larger ones go by TCP, with every exchange of state.
    public static let mostTold = 48
}
