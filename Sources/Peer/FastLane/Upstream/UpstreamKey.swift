internal import Gossip
internal import NIOCore

/// What kept connections are told apart by. A pinned one belongs to its peer and pin: another peer may get the address tomorrow.
struct UpstreamKey: Hashable {
    var address: SocketAddress
    /// Whose certificate was checked; nil for engines and in an open fleet.
    var peer: PeerID?
    /// The certificate's pin.
    var pin: [UInt8]?
    /// What a connection to an engine was made through, where that is TLS.
    var door: BackendDoor?
}
