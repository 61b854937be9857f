import Hummingbird

/// Ollama's routes about its vendor's account. A fleet has none: an account is one machine's, and is asked for there.
struct CloudRoutes {
    private static let refusal =
        "ollama cloud is disabled: a fleet has no account; sign in at the Ollama of one machine, on that machine"

    /// What clients hide their account pages by.
    private struct Status: Encodable {
        struct Cloud: Encodable {
            let disabled = true
            let source = "env"
            private enum CodingKeys: String, CodingKey { case disabled, source }
        }

        let cloud = Cloud()
        private enum CodingKeys: String, CodingKey { case cloud }
    }

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/api/status", [.get])
        router.get("/api/status") { _, _ in try Reply.json(Status()) }

        table.add("/api/me", [.post])
        router.post("/api/me") { _, _ in try Self.refuse() }
        table.add("/api/signout", [.post])
        router.post("/api/signout") { _, _ in try Self.refuse() }
        table.add("/api/user/keys/**", [.delete])
        router.delete("/api/user/keys/**") { _, _ in try Self.refuse() }
        table.add("/api/experimental/web_search", [.post])
        router.post("/api/experimental/web_search") { _, _ in try Self.refuse() }
        table.add("/api/experimental/web_fetch", [.post])
        router.post("/api/experimental/web_fetch") { _, _ in try Self.refuse() }
        table.add("/api/experimental/model-recommendations", [.get])
        router.get("/api/experimental/model-recommendations") { _, _ in try Self.refuse() }
    }

    private static func refuse() throws -> Response { try Reply.ollamaError(refusal, status: .forbidden) }
}
