import Foundation
import HTTPTypes
import Hummingbird

/// Ollama's routes that change models and answer at once. Pull, push and create are the fast lane's: they stream.
struct ModelRoutes {
    let facts: PeerFacts

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/api/delete", [.delete])
        router.delete("/api/delete") { request, _ in try await run(.delete, request) }
        table.add("/api/copy", [.post])
        router.post("/api/copy") { request, _ in try await run(.copy, request) }
    }

    private func run(_ action: ModelOrder.Action, _ request: Request) async throws -> Response {
        guard let body = try? await request.body.collect(upTo: ModelOrder.maximumBytes) else {
            return try Reply.ollamaError("the request is larger than \(ModelOrder.maximumBytes) bytes", status: .contentTooLarge)
        }
        let order: ModelOrder
        do {
            let query = Dictionary(
                request.uri.queryParameters.map { (String($0.key), String($0.value)) }, uniquingKeysWith: { first, _ in first })
            order = try ModelOrder(action, body: Data(body.readableBytesView), query: query)
        } catch {
            return try Reply.ollamaError(error.text, status: .badRequest)
        }
        switch await facts.changeModels(order) {
        case .done(let nodes):
            return Response(status: .ok, headers: [.fleetNode: nodes.joined(separator: ", ")])
        case .unknownModel:
            // Each route in Ollama's own words.
            let name = order.action == .delete ? "'\(order.model)'" : "\"\(order.model)\""
            return try Reply.ollamaError("model \(name) not found", status: .notFound)
        case .unknownNode(let known):
            let names = known.joined(separator: ", ")
            return try Reply.ollamaError("no machine is named '\(order.node ?? "")'; the fleet has: \(names)", status: .notFound)
        case .failed(let reasons, let done):
            let why = reasons.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "; ")
            let rest = done.isEmpty ? "" : "; done on \(done.joined(separator: ", "))"
            return try Reply.ollamaError(why + rest, status: .badGateway)
        }
    }
}
