/// How the datagram that is being handled came: answers go the same way.
struct Incoming: Sendable {
    /// Where its sender listens.
    var from: Endpoint
    /// It came inside a peer link, which proves nothing about UDP.
    var isTunnelled: Bool
    /// The version that it was written in.
    var version: UInt8
}
