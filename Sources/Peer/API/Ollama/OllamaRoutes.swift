import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Ollama's routes that ask about models. Chat, generate and embeddings are the fast lane's.
struct OllamaRoutes {
    let facts: PeerFacts

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/", [.get, .head])
        router.get("/") { _, _ in Reply.text("Ollama is running") }

        table.add("/api/version", [.get, .head])
        router.get("/api/version") { _, _ in
            try Reply.json(VersionBody(view: facts.view(), program: facts.version))
        }
        table.add("/api/tags", [.get, .head])
        router.get("/api/tags") { _, _ in
            try Reply.json(TagsBody(catalog: facts.catalog, listedSince: listedSince))
        }
        table.add("/api/ps", [.get])
        router.get("/api/ps") { _, _ in try Reply.json(RunningBody(view: facts.view(), now: Date())) }

        table.add("/api/show", [.post])
        router.post("/api/show") { request, _ in try await show(request) }
    }

    /// Stands for the time of models whose engine does not tell it.
    private var listedSince: String { ISO8601DateFormatter().string(from: facts.startedAt) }

    private func show(_ request: Request) async throws -> Response {
        guard var body = try? await request.body.collect(upTo: ShowRequest.maximumBytes) else {
            return try Reply.ollamaError("the request is larger than \(ShowRequest.maximumBytes) bytes", status: .contentTooLarge)
        }
        // NOMYO Router's clients name it in the query.
        if body.readableBytes == 0, let name = request.uri.queryParameters.get("model") {
            body = ByteBuffer(bytes: try JSONEncoder().encode(["model": name]))
        }
        let asked: ShowRequest
        do {
            asked = try ShowRequest(body: body)
        } catch {
            return try Reply.ollamaError(error.text, status: .badRequest)
        }
        switch await facts.show(asked.model, body) {
        case .answered(let node, let status, let type, let bytes):
            return Reply.bytes(bytes, type: type, status: .init(code: status), headers: [.fleetNode: node])
        case .unknownModel:
            if let entry = facts.catalog.entry(named: asked.model), !entry.speaksOllama || entry.isAlias {
                return try Reply.json(ShowBody(entry, listedSince: listedSince))
            }
            return try Reply.ollamaError("model '\(asked.displayName)' not found", status: .notFound)
        case .failed(let why):
            return try Reply.ollamaError(why, status: .badGateway)
        }
    }
}

extension HTTPField.Name {
    /// The node that answered.
    static let fleetNode = HTTPField.Name("X-Fleet-Node") ?? .server
}
