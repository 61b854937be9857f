/// Why a rotation does not begin.
public enum KeyRotationError: Error, Hashable, CustomStringConvertible {
    /// There are no keys to rotate.
    case openFleet
    /// No peer is router at the moment.
    case noRouter
    /// The router is out of reach, or refused.
    case routerRefused(String)
    /// The router has not more than half of the fleet's roster behind it; these peers are out of sight.
    case notQuorate(missing: [String])
    /// The last one has not ended.
    case underWay
    /// No member has this id.
    case unknownPeer(String)
    /// The router cannot shut itself out.
    case isRouter(String)
    /// A step on the ring failed.
    case ring(KeyRingError)
    /// This peer's mesh does not run.
    case notRunning

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .openFleet: "this is an open fleet: it has no keys. Make some with `herd-peer fleet init`."
        case .noRouter: "no peer is router at the moment, and the router rotates the keys: try again in some seconds."
        case .routerRefused(let reason): "the router did not rotate the keys: \(reason)"
        case .notQuorate(let missing):
            missing.isEmpty
                ? "the fleet is still coming together: the router has not yet more than half of its peers behind it. Try again in "
                    + "some seconds."
                : "less than half of this fleet's peers are in sight, so that two halves could rotate apart (out of sight: "
                    + "\(missing.joined(separator: ", "))): wait for them, or repeat it with --force; peers out of sight may then "
                    + "have to join again."
        case .underWay:
            "a rotation is under way: it ends when every reachable peer has the new key (`herd-peer fleet` shows who has not)."
        case .unknownPeer(let id): "no member has the id \(id)."
        case .isRouter(let name): "\(name) is router: stop it first, then shut it out from another peer."
        case .ring(let error): "\(error)"
        case .notRunning: "the mesh of this peer does not run."
        }
    }
}
