import Foundation
import Hummingbird

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
        guard OwnerCheck(adminToken: facts.adminToken).admits(request, context) else {
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
}
