import Foundation
import Hummingbird

/// OpenAI's model lists. Chat, completions and embeddings are the fast lane's.
struct OpenAIRoutes {
    let facts: PeerFacts

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/v1/models", [.get, .head])
        router.get("/v1/models") { _, _ in
            try Reply.json(ModelList(catalog: facts.catalog, created: created), type: Self.type)
        }
        // Ids of some engines contain slashes, so the id is all that follows.
        table.add("/v1/models/**", [.get, .head])
        router.get("/v1/models/**") { request, context in
            let id = context.parameters.getCatchAll().joined(separator: "/").removingPercentEncoding ?? ""
            guard let entry = facts.catalog.entry(named: id) else {
                let full = id.split(separator: "/").last?.contains(":") == true ? id : id + ":latest"
                return try Reply.openAIError("model '\(full)' not found", type: "not_found_error", status: .notFound)
            }
            return try Reply.json(ModelList.model(entry, id: id, created: created), type: Self.type)
        }
    }

    /// Ollama names no charset here.
    private static let type = "application/json"

    private var created: Int { Int(facts.startedAt.timeIntervalSince1970) }
}
