import Glibc
public import Gossip

/// Why the mesh does not start.
public enum MeshStartError: Error, Hashable, CustomStringConvertible {
    /// The mesh port cannot be opened.
    case cannotBind(Endpoint, code: Int32)
    /// No address was given to bind.
    case noAddress
    /// It was started twice, or after it had stopped.
    case alreadyStarted

    var isPortTaken: Bool {
        if case .cannotBind(_, code: EADDRINUSE) = self { true } else { false }
    }

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .cannotBind(let endpoint, let code):
            "cannot open UDP \(endpoint): \(String(cString: strerror(code))). "
                + (code == EADDRINUSE
                    ? "Another program has the port: stop it, or choose another with --mesh-port."
                    : "Choose another address or port (--mesh-port).")
        case .noAddress:
            "there is no address to open the mesh port on."
        case .alreadyStarted:
            "this mesh service was started before; make a new one."
        }
    }
}
