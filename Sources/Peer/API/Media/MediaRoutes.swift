import Foundation
import Hummingbird

/// What ollama-herd's clients ask about media and about Anthropic's face. Requests that make something are the fast lane's.
struct MediaRoutes {
    let facts: PeerFacts

    /// What ollama-herd says of its `/v1/messages` to a GET.
    private struct Greeting: Encodable {
        let ok = true
        let service = "herd-peer"
        let endpoint = "/v1/messages"
        let ts: Double

        private enum CodingKeys: String, CodingKey { case ok, service, endpoint, ts }
    }

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/api/image-models", [.get, .head])
        router.get("/api/image-models") { _, _ in try Reply.json(ImageModels(catalog: facts.catalog)) }

        table.add("/v1/messages", [.get, .head])
        router.get("/v1/messages") { _, _ in try Reply.json(Greeting(ts: Date().timeIntervalSince1970)) }
    }
}
