import Foundation
import HTTPTypes
import Hummingbird
import Insight
import Store

/// Models on disk, node by node: what is there, what nobody uses, pull and delete (herd-compat §1.8).
struct ManagementRoutes {
    let facts: PeerFacts

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/dashboard/api/model-management", [.get, .head])
        router.get("/dashboard/api/model-management") { request, _ in
            let isLocal = request.uri.queryParameters.get("scope") == "local"
            async let digests = FleetDigests(facts: facts).gather(isLocal: isLocal)
            let recalled = try await FleetMemory(facts).recall(.counts(CountsQuery(by: [.node, .model])), isLocal: isLocal)
            guard case .counts(let counts) = recalled.part else {
                return try Reply.json(["detail": "the shards answered another question"], status: .internalServerError)
            }
            let body = ManagementBody(
                view: facts.view(), counts: counts, digests: await digests.digests, pins: facts.pins.all(),
                now: Date().timeIntervalSince1970)
            return try Reply.json(Answered(body, recalled.shards))
        }

        table.add("/dashboard/api/pull", [.post])
        router.post("/dashboard/api/pull") { request, _ in
            guard let asked = await Self.read(request) else { return try Self.refusal(NodeModelRequest.form, .badRequest) }
            return try await pull(asked)
        }
        table.add("/dashboard/api/delete", [.post])
        router.post("/dashboard/api/delete") { request, _ in
            guard let asked = await Self.read(request) else { return try Self.refusal(NodeModelRequest.form, .badRequest) }
            return try await delete(asked)
        }
    }

    private func pull(_ asked: NodeModelRequest) async throws -> Response {
        switch await facts.pullModel(asked.node_id, asked.model) {
        case .pulling(let percent): return try Reply.json(Done(asked, status: "pulling", percent: percent))
        case .here: return try Reply.json(Done(asked, status: "success"))
        case .unknownNode(let known): return try Self.unknown(asked.node_id, known)
        case .failed(let reason): return try Self.refusal(reason, .badGateway)
        }
    }

    private func delete(_ asked: NodeModelRequest) async throws -> Response {
        switch await facts.changeModels(ModelOrder(.delete, model: asked.model, node: asked.node_id)) {
        case .done: return try Reply.json(Done(asked, status: "success"))
        case .unknownModel: return try Self.refusal("\(asked.node_id) does not have '\(asked.model)'", .notFound)
        case .unknownNode(let known): return try Self.unknown(asked.node_id, known)
        case .failed(let reasons, _):
            return try Self.refusal(reasons.sorted { $0.key < $1.key }.map(\.value).joined(separator: "; "), .badGateway)
        }
    }

    private static func read(_ request: Request) async -> NodeModelRequest? {
        guard let body = try? await request.body.collect(upTo: NodeModelRequest.maximumBytes),
            let asked = try? JSONDecoder().decode(NodeModelRequest.self, from: Data(body.readableBytesView)), asked.isUsable
        else { return nil }
        return asked
    }

    private static func unknown(_ node: String, _ known: [String]) throws -> Response {
        try Reply.json(
            PinAnswers.UnknownNode(error: "no node is called '\(node)'", known_nodes: known.sorted()), status: .notFound)
    }

    private static func refusal(_ error: String, _ status: HTTPResponse.Status) throws -> Response {
        try Reply.json(PinAnswers.Refused(error: error), status: status)
    }

    private struct Done: Encodable {
        var ok = true
        let node_id: String
        let model: String
        let status: String
        let percent: Int?

        init(_ asked: NodeModelRequest, status: String, percent: Int? = nil) {
            node_id = asked.node_id
            model = asked.model
            self.status = status
            self.percent = percent
        }
    }
}
