/// A hint from discovery about another peer.
public enum DiscoveryEvent: Sendable, Equatable {
    /// A peer can perhaps be dialled at these addresses. Repeated when it is seen again or has changed.
    case sighted(Sighting)
    /// The announcement of a peer went away: a reason to probe it now, never a proof that it is dead.
    case vanished(shortID: String)
}
