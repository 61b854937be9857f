import Foundation
import Hummingbird

/// Draining: a node finishes what it has and takes nothing new.
struct DrainRoutes {
    let facts: PeerFacts

    /// The largest order that is read. A heartbeat of ollama-herd's node has about 4 kB.
    static let maximumBytes = 64 << 10

    private struct Order: Decodable {
        var node_id: String?
        var draining: Bool?
    }

    private struct Answer: Encodable {
        var status: String
        var node_id: String
        var scope: String
    }

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/fleet/drain", [.get, .head, .post])
        router.get("/fleet/drain") { _, _ in try Reply.json(["drained": facts.drain.list()]) }
        router.post("/fleet/drain") { request, _ in
            try await carryOut(request) { try await answer($0.node_id, drained: true) }
        }

        table.add("/fleet/undrain", [.post])
        router.post("/fleet/undrain") { request, _ in
            try await carryOut(request) { try await answer($0.node_id, drained: false) }
        }

        // Scripts that drained a node of ollama-herd this way still do. No node of this fleet sends it.
        table.add("/heartbeat", [.post])
        router.post("/heartbeat") { request, _ in
            try await carryOut(request) { order in
                guard let node = order.node_id, let draining = order.draining else {
                    return try Reply.json(
                        [
                            "detail":
                                "only {\"node_id\":NAME,\"draining\":true|false} is read here: machines join by running herd-peer"
                        ],
                        status: .badRequest)
                }
                return try await answer(node, drained: draining)
            }
        }
    }

    private func carryOut(_ request: Request, _ body: (Order) async throws -> Response) async throws -> Response {
        guard let bytes = try? await request.body.collect(upTo: Self.maximumBytes) else {
            return try Reply.json(["detail": "an order has at most \(Self.maximumBytes) bytes"], status: .contentTooLarge)
        }
        if bytes.readableBytes == 0 { return try await body(Order()) }
        guard let order = try? JSONDecoder().decode(Order.self, from: Data(bytes.readableBytesView)) else {
            return try Reply.json(["detail": "the body is no order: {\"node_id\":NAME}"], status: .badRequest)
        }
        return try await body(order)
    }

    private func answer(_ node: String?, drained: Bool) async throws -> Response {
        switch await facts.drain.order(node, drained) {
        case .done(let name, let scope):
            return try Reply.json(Answer(status: drained ? "draining" : "serving", node_id: name, scope: scope))
        case .unknownNode(let known):
            let names = known.joined(separator: ", ")
            return try Reply.json(
                ["detail": "no node is called '\(node ?? "")'; the fleet has: \(names)"], status: .notFound)
        case .refused(let why): return try Reply.json(["detail": why], status: .conflict)
        }
    }
}
