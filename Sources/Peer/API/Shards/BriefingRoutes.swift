import Hummingbird

/// ollama-herd has a model write briefings about the fleet. Nothing here asks a model by itself, and the routes say so.
struct BriefingRoutes {
    private struct Briefing: Encodable {
        let enabled = false
        let cached = false
        let error = "this program asks no model by itself: there are no briefings"

        private enum Key: String, CodingKey { case enabled, briefing, model, generated_at, next_refresh_s, cached, error }

        /// Writes all keys, those without a value too.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(enabled, forKey: .enabled)
            try container.encode(cached, forKey: .cached)
            try container.encode(error, forKey: .error)
            for key in [Key.briefing, .model, .generated_at, .next_refresh_s] { try container.encodeNil(forKey: key) }
        }
    }

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/dashboard/api/briefing", [.get, .head])
        router.get("/dashboard/api/briefing") { _, _ in try Reply.json(Briefing()) }
        table.add("/dashboard/api/briefing/history", [.get, .head])
        router.get("/dashboard/api/briefing/history") { _, _ in try Reply.json(["history": [String]()]) }
    }
}
