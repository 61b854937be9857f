import Hummingbird

/// Health and metrics.
struct OperationsRoutes {
    let facts: PeerFacts

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        addHealth(to: router, table: &table)
        table.add("/metrics", [.get, .head])
        router.get("/metrics") { _, _ in
            Reply.bytes(
                .init(string: PeerMetrics(facts: facts, mesh: await facts.mesh()).text),
                type: PeerMetrics.contentType, status: .ok)
        }
    }

    func addHealth(to router: Router<PeerContext>, table: inout RouteTable) {
        // Ready: 200 or 503. Live: 200 as long as anything answers.
        table.add("/health", [.get, .head])
        router.get("/health") { _, _ in try ready() }
        table.add("/health/ready", [.get, .head])
        router.get("/health/ready") { _, _ in try ready() }
        table.add("/health/live", [.get, .head])
        router.get("/health/live") { _, _ in try Reply.json(["status": "ok"]) }
    }

    private func ready() throws -> Response {
        // Whoever needs a key for more learns nothing of the nodes here.
        let endpoints = facts.clientKeys().in_force ? nil : EndpointHealth.all(facts.view())
        let body = HealthBody(obstacles: facts.obstacles(), warnings: facts.warnings(), endpoints: endpoints)
        return try Reply.json(body, status: body.ready ? .ok : .serviceUnavailable)
    }
}
