import Access
import Foundation
import Hummingbird

/// The fleet's client keys, for `herd-peer keys` on the same machine alone. A key with the scope `manage` cannot come here: it
/// could make itself others.
struct ClientKeyRoutes {
    let facts: PeerFacts

    /// The largest order that is read.
    static let maximumBytes = 8_192

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/fleet/client-keys", [.get, .head, .post])
        router.get("/fleet/client-keys") { request, context in
            guard isOwner(request, context) else { return try stranger() }
            return try Reply.json(facts.clientKeys())
        }
        router.post("/fleet/client-keys") { request, context in
            guard isOwner(request, context) else { return try stranger() }
            return try await carryOut(request)
        }
    }

    private func carryOut(_ request: Request) async throws -> Response {
        guard let body = try? await request.body.collect(upTo: Self.maximumBytes) else {
            return try Reply.json(["error": "an order has at most \(Self.maximumBytes) bytes"], status: .contentTooLarge)
        }
        let order: ClientKeyOrder
        do {
            order = try JSONDecoder().decode(ClientKeyOrder.self, from: Data(body.readableBytesView))
        } catch {
            let why = (error as? ClientKeyProblem).map { "\($0)" } ?? "one of {\"add\":KEY}, {\"revoke\":NAME}, {\"off\":true}"
            return try Reply.json(["error": "the body is no order: \(why)"], status: .badRequest)
        }
        let reply = await facts.changeClientKeys(order)
        return try Reply.json(reply, status: reply.accepted ? .ok : .conflict)
    }

    private func isOwner(_ request: Request, _ context: PeerContext) -> Bool {
        OwnerCheck(adminToken: facts.adminToken).admits(request, context)
    }

    private func stranger() throws -> Response {
        try Reply.json(
            ["error": "only `herd-peer keys` on this machine, as the user that runs the peer, may see and change client keys"],
            status: .forbidden)
    }
}
