import API
import Gossip
import Mesh

extension PeerParts {
    /// Carries out an order of this machine's people: the router does it, wherever it is.
    func changeKeys(_ order: KeyOrder) async -> KeyOrderReply {
        let view = mesh.currentView
        let missing = view.members.filter { $0.status == .unreachable || $0.status == .asleep }.map(\.name)
        var revoked: MemberView?
        if let node = order.revoke {
            revoked = view.members.first { $0.name == node || $0.id.hex == node || $0.id.shortHex == node }
            guard revoked != nil else {
                let names = view.members.map(\.name).joined(separator: ", ")
                return KeyOrderReply(accepted: false, message: "No member is called '\(node)'. There are: \(names).")
            }
        }
        do {
            try await mesh.rotateKeys(revoking: revoked?.id, force: order.force)
        } catch {
            return KeyOrderReply(accepted: false, message: "\(error)", outOfSight: missing)
        }
        if let name = revoked?.name {
            return KeyOrderReply(
                accepted: true,
                message: "\(name) is shut out: everybody else in sight gets a new key, and then the old one is dropped. "
                    + "Whoever is out of sight now must join again with a new token.", outOfSight: missing.filter { $0 != name })
        }
        return KeyOrderReply(
            accepted: true,
            message: "A new key goes to every machine in sight and is used when all of them have it. "
                + "Who is out of sight gets it when it comes back within 30 days; later it must join again with a new token.",
            outOfSight: missing)
    }
}
