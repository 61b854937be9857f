public import Gossip
public import NIOCore

/// TLS of peer links, mutual and pinned (mesh protocol §5.4). The lane brings time limits and keeps what it learns; certificates
/// and their checks are the giver's.
public struct LinkTLS: Sendable {
    /// Handlers for an incoming link. They must demand a certificate of the caller.
    public var serverHandlers: @Sendable () throws -> [any ChannelHandler]
    /// Handlers for a link to a peer. They must refuse any certificate but the one pinned for it; throws when none is known.
    public var clientHandlers: @Sendable (PeerID) throws -> [any ChannelHandler]
    /// SPKI SHA-256 of the certificate that the other side showed. Called on the channel's event loop after the handshake.
    public var peerPin: @Sendable (any Channel) -> [UInt8]?
    /// The pin that a peer must show now; nil while unknown. A kept connection with another pin is not used again.
    public var expectedPin: @Sendable (PeerID) -> [UInt8]?

    /// TLS by these closures, which must be safe to call on any event loop.
    public init(
        serverHandlers: @escaping @Sendable () throws -> [any ChannelHandler],
        clientHandlers: @escaping @Sendable (PeerID) throws -> [any ChannelHandler],
        peerPin: @escaping @Sendable (any Channel) -> [UInt8]?, expectedPin: @escaping @Sendable (PeerID) -> [UInt8]?
    ) {
        self.serverHandlers = serverHandlers
        self.clientHandlers = clientHandlers
        self.peerPin = peerPin
        self.expectedPin = expectedPin
    }
}
