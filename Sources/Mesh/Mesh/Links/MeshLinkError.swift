/// Why a hello or a message about keys is refused. The caller gets a 403 and no reason: it may be a stranger.
public enum MeshLinkError: Error, Hashable, CustomStringConvertible {
    /// This fleet has no keys.
    case openFleet
    /// Longer than any such message.
    case tooLong(bytes: Int)
    /// Not sealed with a key of this fleet, or for another purpose.
    case unreadable
    /// The sealed record names another certificate than the connection showed.
    case wrongCertificate
    /// The sender was shut out.
    case revoked
    /// The sender may not do this: another peer is router here.
    case notRouter
    /// Too many strangers ask at once.
    case busy
    /// This peer's mesh does not run.
    case notRunning
    /// The keys cannot be written.
    case storage

    /// What is wrong, for this peer's own log.
    public var description: String {
        switch self {
        case .openFleet: "this fleet has no keys"
        case .tooLong(let bytes): "a message of \(bytes) bytes is longer than allowed"
        case .unreadable: "the message is not sealed with a key of this fleet"
        case .wrongCertificate: "the sealed record names another certificate than the connection showed"
        case .revoked: "the sender was shut out of the fleet"
        case .notRouter: "another peer is router"
        case .busy: "too many strangers ask at once"
        case .notRunning: "the mesh of this peer does not run"
        case .storage: "the keys cannot be written"
        }
    }
}
