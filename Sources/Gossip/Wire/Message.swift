/// The main part of a datagram.
public enum Message: Hashable, Sendable {
    /// A direct probe; `target` is the short id of the peer that is meant, 0 when only an address is known.
    case ping(sequence: UInt32, target: UInt64)
    /// The answer to `ping`.
    case ack(sequence: UInt32)
    /// Asks a helper to probe `target` and to pass the answer on.
    case pingRequest(sequence: UInt32, target: UInt64, endpoint: Endpoint)
    /// A helper says that `target` has not answered it so far: the helper itself is fine.
    case nack(sequence: UInt32)
    /// Only items.
    case gossip
    /// Election and lease.
    case lease(LeaseMessage)
    /// The sender stops, or its machine goes to sleep.
    case bye(Farewell)
    /// The sender is back from sleep, or did not fall asleep after all.
    case resume
}
