import Gossip

/// What the handling of a tunnelled datagram yields for its sender: it goes back on the same connection.
struct TunnelAnswer {
    /// The addresses that mean the sender.
    var endpoints: [Endpoint]
    /// Sealed, in their order.
    var datagrams: [[UInt8]] = []
}
