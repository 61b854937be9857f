import Access
import HTTPTypes
import Hummingbird
import NIOCore

/// Orders that only a command on this machine may give: from its own addresses, with the token of the data directory, which only
/// the user that runs the peer can read.
struct OwnerCheck {
    let adminToken: String

    /// The caller is the peer's owner.
    func admits(_ request: Request, _ context: PeerContext) -> Bool {
        guard let name = HTTPField.Name("X-Herd-Admin"), let shown = request.headers[name], !adminToken.isEmpty,
            LocalCaller.isSameMachine(remote: context.remoteAddress?.ipAddress, local: context.localAddress?.ipAddress)
        else { return false }
        return ConstantTime.equal(Array(shown.utf8), Array(adminToken.utf8))
    }
}
