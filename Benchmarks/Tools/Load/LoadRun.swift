/// Pairs in one run (data-plane §8.1): the targets take turns, window by window, round after round.
struct LoadRun {
    /// How long answers may run out after a window.
    private static let runOut: Int64 = 20_000_000_000

    let plan: LoadPlan

    /// Measures; one entry per target and round, in the order of measuring.
    func run() throws(BenchProblem) -> [WindowFigures] {
        try plan.check()
        var all: [Clients] = []
        for target in plan.targets {
            let clients = try Clients(target, plan)
            try clients.open(plan.connections)
            all.append(clients)
        }
        var figures: [WindowFigures] = []
        for round in 0..<plan.rounds {
            for clients in all { figures.append(try window(clients, round: round)) }
        }
        return figures
    }

    private func window(_ clients: Clients, round: Int) throws(BenchProblem) -> WindowFigures {
        let pids = clients.target.pids
        ProcessorTime.waitForCalm(pids)
        let before = ProcessorTime(of: pids)
        try clients.settle()
        clients.resetCounts()
        clients.repeats = true
        try clients.start()
        try serve(clients, nanoseconds: Int64(plan.warmSeconds * 1e9))

        clients.resetTimes()
        let atStart = clients.counts
        let start = Clock.now
        clients.isTiming = true
        try serve(clients, nanoseconds: Int64(plan.windowSeconds * 1e9))
        clients.isTiming = false
        let end = Clock.now
        let atEnd = clients.counts

        clients.repeats = false
        let limit = Clock.now + Self.runOut
        while clients.busy > 0, Clock.now < limit { try clients.turn(until: limit) }
        guard clients.busy == 0 else { throw .words("\(clients.target.name): \(clients.busy) answers did not end in 20 s") }
        // What a relay puts off, such as writing its traces, belongs to what its requests cost.
        ProcessorTime.waitForCalm(pids)
        var figures = WindowFigures(target: clients.target.name, round: round)
        let after = ProcessorTime(of: pids)
        figures.processorSeconds = after.since(before)
        figures.loopSeconds = after.since(before, inLoops: true)
        figures.seconds = Double(end - start) / 1e9
        figures.requests = atEnd.requests - atStart.requests
        figures.chunks = atEnd.chunks - atStart.chunks
        (figures.allRequests, figures.allChunks) = (clients.counts.requests, clients.counts.chunks)
        (figures.p50, figures.p99) = (clients.answerTimes.percentile(0.5) ?? 0, clients.answerTimes.percentile(0.99) ?? 0)
        (figures.chunkP50, figures.chunkP99) = (clients.chunkTimes.percentile(0.5) ?? 0, clients.chunkTimes.percentile(0.99) ?? 0)
        (figures.failures, figures.firstFailure) = (clients.counts.failures, clients.counts.firstFailure)
        return figures
    }

    private func serve(_ clients: Clients, nanoseconds: Int64) throws(BenchProblem) {
        let end = Clock.now + nanoseconds
        while Clock.now < end { try clients.turn(until: end) }
    }
}
