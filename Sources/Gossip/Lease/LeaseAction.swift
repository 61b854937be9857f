/// What the lease rules want done, in this order.
public enum LeaseAction: Hashable, Sendable {
    /// Must be on disk before any action behind it is performed.
    case persist(DurableLease)
    /// Send to a peer of the view.
    case send(LeaseMessage, to: PeerID)
    /// Spread this announcement of the own lease.
    case announce(LeaseRecord)
    /// The answer to "is this peer router" or "whom does it obey" changed.
    case changed
    /// For logs and for the history checker.
    case note(LeaseNote)
}
