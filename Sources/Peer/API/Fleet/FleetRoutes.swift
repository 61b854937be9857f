import Hummingbird

/// The fleet as any peer tells it.
struct FleetRoutes {
    let facts: PeerFacts

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/fleet/status", [.get, .head])
        router.get("/fleet/status") { _, _ in try Reply.json(FleetStatus(facts: facts, figures: await facts.mesh())) }

        table.add("/fleet/queue", [.get, .head])
        router.get("/fleet/queue") { _, _ in
            // The others first: this peer's own part is then of this very moment.
            let others = await facts.queue.others()
            return try Reply.json(QueueBody(view: facts.view(), own: facts.queue.own(), others: others))
        }

        table.add("/fleet/limits", [.get, .head])
        router.get("/fleet/limits") { _, _ in
            try Reply.json(
                LimitsBody(view: facts.view(), maxRetries: facts.queue.maxRetries(), modelCap: facts.pins.mostPreloaded))
        }
    }

    /// 50 by default; nil for what is no number from 1 to 1,000.
    static func limit(_ text: String?) -> Int? {
        guard let text else { return 50 }
        guard let number = Int(text), (1...1_000).contains(number) else { return nil }
        return number
    }
}
