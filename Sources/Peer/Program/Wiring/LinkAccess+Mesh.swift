import FastLane
import Mesh

extension LinkAccess {
    /// As the mesh grants it now: keys and certificates are asked for at each use.
    init(_ mesh: MeshService) {
        self.init(
            token: { mesh.linkToken }, admits: { mesh.admitsLink($0, pin: $1) },
            tls: { mesh.linkSecurity.map { LinkTLS($0) } })
    }
}

extension LinkTLS {
    /// The mesh's certificates for the relay.
    init(_ security: LinkSecurity) {
        self.init(
            serverHandlers: { try security.serverHandlers() }, clientHandlers: { try security.clientHandlers(for: $0) },
            peerPin: { security.peerPin(of: $0) }, expectedPin: { security.pin(of: $0) })
    }
}
