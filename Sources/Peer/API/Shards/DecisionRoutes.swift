import Foundation
import Gossip
import HTTPTypes
import Hummingbird
import Insight
import NIOCore
import Store

/// Why requests went where they went, and where they would go now.
struct DecisionRoutes {
    let facts: PeerFacts

    /// Larger requests are not explained.
    static let maximumBytes = 8 << 20

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/fleet/traces/**", [.get, .head])
        router.get("/fleet/traces/**") { request, context in
            let id = context.parameters.getCatchAll().joined(separator: "/").removingPercentEncoding ?? ""
            return try await find(id, isLocal: request.uri.queryParameters.get("scope") == "local")
        }

        table.add("/fleet/explain", [.post])
        router.post("/fleet/explain") { request, _ in
            guard let body = try? await request.body.collect(upTo: Self.maximumBytes) else {
                return try refusal("a request has at most \(Self.maximumBytes) bytes here", .contentTooLarge)
            }
            do {
                return try Reply.json(try facts.explain(body, request.uri.queryParameters.get("path") ?? "/api/chat"))
            } catch {
                return try refusal("\(error)", .badRequest)
            }
        }

        table.add("/fleet/mesh", [.get, .head])
        router.get("/fleet/mesh") { _, _ in
            try Reply.json(MeshPage(status: FleetStatus(facts: facts, figures: await facts.mesh()), routers: facts.routers()))
        }
    }

    /// One request, wherever its trace lies.
    private func find(_ id: String, isLocal: Bool) async throws -> Response {
        guard !id.isEmpty, id.utf8.count <= ShardQuery.longestText else {
            return try refusal("name a request by its id, the X-Herd-Request-Id of its answer", .badRequest)
        }
        let recalled = try await FleetMemory(facts).recall(.request(id), isLocal: isLocal)
        guard case .request(let record) = recalled.part, !(record.attempts.isEmpty && record.executions.isEmpty) else {
            let missing = recalled.shards.missing.map(\.node_id).joined(separator: ", ")
            let detail =
                "no trace of a request '\(id)' is kept in \(recalled.shards.answered) of \(recalled.shards.total) shards"
                + (missing.isEmpty ? "" : "; these did not answer: \(missing)")
            return try Reply.json(Answered(["detail": detail], recalled.shards), status: .notFound)
        }
        let names = Dictionary(facts.view().members.map { ($0.id.hex, $0.name) }, uniquingKeysWith: { first, _ in first })
        return try Reply.json(Answered(RequestBody(id: id, record: record, names: names), recalled.shards))
    }

    private func refusal(_ detail: String, _ status: HTTPResponse.Status) throws -> Response {
        try Reply.json(["detail": detail], status: status)
    }

    /// The answer of `GET /fleet/traces/{id}`.
    private struct RequestBody: Encodable {
        let request_id: String
        /// How it ended: that of the one attempt that was not tried again.
        let status: String?
        let attempts: [TraceBody.Trace]
        let executions: [ExecutionRow]
        /// The nodes' names by the ids that candidates have.
        let peers: [String: String]

        init(id: String, record: RequestRecord, names: [String: String]) {
            request_id = id
            attempts = record.attempts.map(TraceBody.Trace.init)
            status = record.attempts.last { $0.status != "retried" }?.status
            executions = record.executions
            peers = names
        }
    }

    /// The answer of `GET /fleet/mesh`.
    private struct MeshPage: Encodable {
        let status: FleetStatus
        let routers: [RouterTerm]

        func encode(to encoder: any Encoder) throws {
            try status.mesh.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(routers, forKey: .routers)
            try container.encode(status.timestamp, forKey: .timestamp)
        }

        private enum Key: String, CodingKey { case routers, timestamp }
    }
}
