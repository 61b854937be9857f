public import Gossip
import NIOCore
import NIOHTTP1

extension MeshService {
    /// Asks a member on its mesh port, as a peer of its fleet: over TLS with the certificate known for it, plain in an open fleet.
    ///
    /// - Parameters:
    ///   - body: JSON.
    ///   - limit: the longest answer that is taken, bytes.
    /// - Returns: the status, and the body of a 200.
    /// - Throws: in words, when it cannot be asked.
    public func ask(
        _ peer: PeerID, path: String, body: [UInt8], limit: Int, timeout: Duration
    ) async throws -> (status: Int, body: [UInt8]) {
        let call = LinkCall(method: .POST, path: path, body: body, answerLimit: limit, totalTimeout: timeout)
        do {
            let answer = try await flatOnLoop { core -> EventLoopFuture<[UInt8]> in
                guard core.phase == .running, let endpoint = core.rules?.memberEntry(peer)?.endpoint else {
                    return core.loop.makeFailedFuture(LinkFailure.other("no address of it is known"))
                }
                return core.call(call, at: endpoint)
            }
            return (200, answer)
        } catch LinkFailure.status(let code) {
            return (code, [])
        }
    }
}
