/// Why a peer link did not come about.
enum LinkRefusal: Error, Equatable, CustomStringConvertible {
    /// The other side did not finish its handshake in time.
    case timedOut
    /// What came was no TLS, or a certificate was refused.
    case handshake(String)
    /// The other side closed within the handshake.
    case closed
    /// The certificate is not the one that is pinned for this peer now.
    case wrongPin
    /// Too many handshakes are under way.
    case crowded

    var description: String {
        switch self {
        case .timedOut: "its TLS handshake took too long"
        case .handshake(let error): "its TLS handshake failed (\(error))"
        case .closed: "it closed the connection within the TLS handshake"
        case .wrongPin: "it showed another certificate than the one known for it"
        case .crowded: "too many TLS handshakes are under way"
        }
    }
}
