public import Gossip

/// Why a peer link cannot be secured.
public enum LinkSecurityError: Error, Hashable, CustomStringConvertible {
    /// The certificate of this peer is not known yet: nothing is sent to it.
    case unknownPin(PeerID)
    /// The other side showed a certificate that is not the expected one.
    case wrongPin
    /// A certificate file belongs to another identity.
    case notOurs

    /// What happened.
    public var description: String {
        switch self {
        case .unknownPin(let peer): "the certificate of peer \(peer) is not known yet"
        case .wrongPin: "the other side showed another certificate than its member record names"
        case .notOurs: "the certificate belongs to another identity"
        }
    }
}
