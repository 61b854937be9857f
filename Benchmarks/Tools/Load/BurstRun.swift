/// All clients ask once, at the same time: how long until the last has its answer.
struct BurstRun {
    /// What it showed.
    struct Figures: Codable {
        var seconds: Double
        var answers: Int
        var failures: Int
        var firstFailure: String?
    }

    let plan: LoadPlan

    /// Asks the plan's first target.
    func run() throws(BenchProblem) -> Figures {
        try plan.check()
        let clients = try Clients(plan.targets[0], plan)
        try clients.open(plan.connections)
        let began = Clock.now
        let limit = began + 120_000_000_000
        try clients.start()
        while clients.busy > 0, Clock.now < limit { try clients.turn(until: limit) }
        return Figures(
            seconds: Double(Clock.now - began) / 1e9, answers: clients.counts.requests,
            failures: clients.counts.failures + clients.busy, firstFailure: clients.counts.firstFailure)
    }
}
