/// Why the server could not start.
public enum LaneServerError: Error, Equatable, CustomStringConvertible {
    /// Another program listens there.
    case portInUse(port: Int, purpose: String)
    /// Ports below 1024 need rights that this process does not have.
    case notPermitted(port: Int, purpose: String)
    /// The address is not one of this machine.
    case noSuchAddress(host: String, purpose: String)
    /// Anything else.
    case cannotListen(host: String, port: Int, purpose: String, reason: String)

    /// In words.
    public var description: String {
        switch self {
        case .portInUse(let port, let purpose):
            "port \(port) for the \(purpose) is in use: stop the other program (maybe another herd-peer) or choose another port"
        case .notPermitted(let port, let purpose):
            "this user may not listen on port \(port) for the \(purpose): choose a port above 1023"
        case .noSuchAddress(let host, let purpose):
            "\(host) is not an address of this machine, so the \(purpose) cannot listen on it: use 0.0.0.0 or one of its addresses"
        case .cannotListen(let host, let port, let purpose, let reason):
            "cannot listen on \(host) port \(port) for the \(purpose): \(reason)"
        }
    }
}
