/// What is fuzzed: each takes bytes as a stranger or a broken member may send them.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// The wire decoder, and the rules behind it.
    case datagram
    /// A push/pull document, and the rules behind it.
    case sync
    /// HTTP on the mesh port: framing, routes, refusals.
    case http
    /// The mesh port of a closed fleet before and during the TLS handshake, and the join.
    case tls

    /// The target, ready to be fed. Those with ports start a server on loopback.
    public func makeSubject() async throws -> any FuzzSubject {
        switch self {
        case .datagram: DatagramSubject()
        case .sync: SyncSubject()
        case .http: try await PortSubject(closedFleet: false)
        case .tls: try await PortSubject(closedFleet: true)
        }
    }
}
