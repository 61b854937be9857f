import Gossip

/// What the world asks of a peer's rules after every event, read once.
struct CoreFacts {
    /// When the rules want to be called next.
    var nextWake = Instant.distantFuture
    /// The router and epoch that the peer obeys.
    var obeyed: (router: PeerID, epoch: UInt64)?
    /// The epoch of the lease that it holds or stands for.
    var heldEpoch: UInt64?
}
