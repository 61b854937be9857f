import Hummingbird

/// The fleet as any peer tells it.
struct FleetRoutes {
    let facts: PeerFacts

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/fleet/status", [.get, .head])
        router.get("/fleet/status") { _, _ in try Reply.json(FleetStatus(facts: facts, figures: await facts.mesh())) }

        table.add("/fleet/queue", [.get, .head])
        router.get("/fleet/queue") { _, _ in try Reply.json(QueueBody(view: facts.view(), work: facts.work())) }
    }

    /// 50 by default; nil for what is no number from 1 to 1,000.
    static func limit(_ text: String?) -> Int? {
        guard let text else { return 50 }
        guard let number = Int(text), (1...1_000).contains(number) else { return nil }
        return number
    }
}
