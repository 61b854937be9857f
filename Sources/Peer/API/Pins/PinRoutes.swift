import Foundation
import Gossip
import Health
import Hummingbird

/// Models that nodes keep in memory, and what bounds their work (herd-compat §1.7).
struct PinRoutes {
    let facts: PeerFacts

    private static let prefix = "/fleet/pin/"

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        let desk = PinDesk(facts: facts)
        table.add("/fleet/pin", [.post])
        router.post("/fleet/pin") { request, _ in
            guard let asked = await Self.read(request) else { return try desk.refused(Self.form, .badRequest) }
            return try await desk.pin(asked)
        }

        table.add("/fleet/pin/**", [.delete])
        router.delete("/fleet/pin/**") { request, _ in
            let path = request.uri.path.dropFirst(Self.prefix.count)
            guard let model = String(path).removingPercentEncoding, !model.isEmpty, model.utf8.count <= Pin.longestModel else {
                return try desk.refused("the path ends in the model's name", .badRequest)
            }
            return try await desk.unpin(model)
        }

        table.add("/dashboard/api/pinned-models", [.get, .head, .post])
        router.get("/dashboard/api/pinned-models") { _, _ in
            try Reply.json(
                PinAnswers.List(
                    env_pins: facts.pins.configured, per_node: Pin.perNode(facts.pins.all()),
                    max_count: facts.pins.mostPreloaded))
        }
        router.post("/dashboard/api/pinned-models") { request, _ in
            guard let asked = await Self.read(request), let node = asked.node_id else {
                return try desk.refused(
                    "the body is {\"node_id\": NODE, \"model\": MODEL, \"pinned\": true or false}", .badRequest)
            }
            return try await asked.pinned == false ? desk.unpin(asked.model, node: node) : desk.pin(asked)
        }
    }

    private static let form = "the body is {\"model\": MODEL, \"node_id\": NODE}, and wait, timeout_s or force"

    private static func read(_ request: Request) async -> PinRequest? {
        guard let body = try? await request.body.collect(upTo: PinRequest.maximumBytes) else { return nil }
        return try? JSONDecoder().decode(PinRequest.self, from: Data(body.readableBytesView))
    }
}
