import HTTPTypes
import Hummingbird
import Logging

/// Answers every request of one face: routes first, then the right kind of "no".
struct Responder: Sendable {
    private let router: RouterResponder<PeerContext>
    private let table: RouteTable

    init(face: Face, facts: PeerFacts) {
        let routes = Router(context: PeerContext.self, options: [.autoGenerateHeadEndpoints])
        var table = RouteTable()
        switch face {
        case .client:
            OllamaRoutes(facts: facts).add(to: routes, table: &table)
            ModelRoutes(facts: facts).add(to: routes, table: &table)
            BlobRoutes(facts: facts).add(to: routes, table: &table)
            CloudRoutes().add(to: routes, table: &table)
            MediaRoutes(facts: facts).add(to: routes, table: &table)
            NomyoRoutes(facts: facts).add(to: routes, table: &table)
            OpenAIRoutes(facts: facts).add(to: routes, table: &table)
            FleetRoutes(facts: facts).add(to: routes, table: &table)
            DrainRoutes(facts: facts).add(to: routes, table: &table)
            StatisticsRoutes(facts: facts).add(to: routes, table: &table)
            BenchmarkRoutes(facts: facts).add(to: routes, table: &table)
            PinRoutes(facts: facts).add(to: routes, table: &table)
            AdviceRoutes(facts: facts).add(to: routes, table: &table)
            ManagementRoutes(facts: facts).add(to: routes, table: &table)
            HealthRoutes(facts: facts).add(to: routes, table: &table)
            BriefingRoutes().add(to: routes, table: &table)
            DecisionRoutes(facts: facts).add(to: routes, table: &table)
            SQLRoutes(facts: facts).add(to: routes, table: &table)
            OperationsRoutes(facts: facts).add(to: routes, table: &table)
            KeyRoutes(facts: facts).add(to: routes, table: &table)
            ClientKeyRoutes(facts: facts).add(to: routes, table: &table)
            SettingsRoutes(facts: facts).add(to: routes, table: &table)
            DashboardRoutes(facts: facts).add(to: routes, table: &table)
            MeshRoutes(facts: facts).addIntroduction(to: routes, table: &table)
            table.addInference()
        case .mesh:
            MeshRoutes(facts: facts).add(to: routes, table: &table)
            HealthRoutes(facts: facts).addForPeers(to: routes, table: &table)
            BlobRoutes(facts: facts).addForPeers(to: routes, table: &table)
            OperationsRoutes(facts: facts).addHealth(to: routes, table: &table)
        }
        router = routes.buildResponder()
        self.table = table
    }

    /// Never throws: what a route throws becomes an answer.
    func respond(to request: Request, context: PeerContext) async -> Response {
        var response = await answer(request, context)
        CrossOrigin.allow(request, &response)
        return response
    }

    private func answer(_ request: Request, _ context: PeerContext) async -> Response {
        guard let methods = table.methods(of: request.uri.path) else { return Self.notFound(request) }
        guard methods.contains(request.method.rawValue) else {
            if request.method == .options {
                return Response(status: .noContent, headers: [.allow: methods.joined(separator: ", ")])
            }
            return Reply.text(
                "405 method not allowed", status: .methodNotAllowed, headers: [.allow: methods.joined(separator: ", ")])
        }
        do {
            return try await router.respond(to: request, context: context)
        } catch {
            context.logger.error("A route failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            return (try? Self.failure(request)) ?? Response(status: .internalServerError)
        }
    }

    private static func failure(_ request: Request) throws -> Response {
        let text = "herd-peer could not answer this request; its log says why"
        return request.uri.path.hasPrefix("/v1/")
            ? try Reply.openAIError(text, type: "api_error", status: .internalServerError)
            : try Reply.ollamaError(text, status: .internalServerError)
    }

    /// ollama-herd's form below its own prefixes, Ollama's elsewhere.
    private static func notFound(_ request: Request) -> Response {
        let path = request.uri.path
        if path.hasPrefix("/fleet/") || path.hasPrefix("/dashboard/api/"),
            let reply = try? Reply.json(["detail": "Not Found"], status: .notFound)
        {
            return reply
        }
        return Reply.text("404 page not found", status: .notFound)
    }
}
