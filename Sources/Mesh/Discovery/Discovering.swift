/// Finds other peers on the local network.
///
/// mDNS introduces peers and nothing more: an event is a hint to dial an address or to probe a peer.
/// Identity comes from the handshake, liveness from gossip. Losing discovery never loses a peer.
public protocol Discovering: Sendable {
    /// What was seen, oldest first. For one reader; holds the newest 256 events when the reader is slow.
    var events: AsyncStream<DiscoveryEvent> { get }

    /// Announces this peer, browses and resolves until the task is cancelled. Reconnects by itself, never throws.
    func run() async

    /// Tells the network again that this peer is here. Peers that know it already see no change.
    /// Calls in quick succession become one.
    func reannounce()

    /// What discovery does now, in words for people.
    var state: DiscoveryState { get }
}
