import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Orders about the fleet's keys, for `herd-peer fleet` on the same machine alone: from its own addresses, with the token of the
/// data directory, which only the user that runs the peer can read.
struct KeyRoutes {
    let facts: PeerFacts

    /// The largest order that is read.
    static let maximumBytes = 4_096

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/fleet/keys/rotate", [.post])
        router.post("/fleet/keys/rotate") { request, context in try await carryOut(request, context) }
    }

    private func carryOut(_ request: Request, _ context: PeerContext) async throws -> Response {
        guard isOwner(request, context) else {
            return try Reply.json(
                ["error": "only `herd-peer fleet` on this machine, as the user that runs the peer, may change the fleet's keys"],
                status: .forbidden)
        }
        guard let body = try? await request.body.collect(upTo: Self.maximumBytes),
            let order = try? JSONDecoder().decode(KeyOrder.self, from: Data(body.readableBytesView))
        else { return try Reply.json(["error": "the body is no order: {\"revoke\":NODE,\"force\":BOOL}"], status: .badRequest) }
        let reply = await facts.changeKeys(order)
        return try Reply.json(reply, status: reply.accepted ? .accepted : .conflict)
    }

    private func isOwner(_ request: Request, _ context: PeerContext) -> Bool {
        guard let name = HTTPField.Name("X-Herd-Admin"), let shown = request.headers[name], !facts.adminToken.isEmpty,
            Self.isSameMachine(context.remoteAddress, context.localAddress)
        else { return false }
        return Self.equal(Array(shown.utf8), Array(facts.adminToken.utf8))
    }

    /// From loopback, or from the very address that it came to: a peer may listen on one of its addresses alone.
    static func isSameMachine(_ remote: SocketAddress?, _ local: SocketAddress?) -> Bool {
        guard let text = remote?.ipAddress else { return false }
        return text == "::1" || text.hasPrefix("127.") || text.hasPrefix("::ffff:127.") || text == local?.ipAddress
    }

    /// Takes the same time whatever differs, so that a token cannot be guessed byte by byte.
    private static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
