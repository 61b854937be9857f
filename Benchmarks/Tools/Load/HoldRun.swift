/// Opens many streams, keeps them open, and looks at the memory of the relay meanwhile.
struct HoldRun {
    /// Streams that are being opened at once.
    private static let width = 128
    /// Streams that have not begun by then are given up.
    private static let openingLimit: Int64 = 25_000_000_000

    let plan: LoadPlan

    /// Opens the plan's connections at its first target, one stream each, and holds them for the window.
    func run() throws(BenchProblem) -> HoldFigures {
        try plan.check()
        let target = plan.targets[0]
        let clients = try Clients(target, plan)
        var figures = HoldFigures(asked: plan.connections, idleMegabytes: ProcFile.residentMegabytes(target.pids))
        let began = Clock.now
        let limit = began + Self.openingLimit
        while clients.count < plan.connections, Clock.now < limit {
            let underWay = clients.count - clients.counts.begun - clients.counts.failures
            let more = min(Self.width - underWay, plan.connections - clients.count)
            if more > 0 {
                let first = clients.count
                try clients.open(more)
                try clients.start(from: first)
            }
            try clients.turn(until: Clock.now + 10_000_000)
        }
        while clients.counts.begun + clients.counts.failures < plan.connections, Clock.now < limit {
            try clients.turn(until: Clock.now + 10_000_000)
        }
        figures.openingSeconds = Double(Clock.now - began) / 1e9
        let end = Clock.now + Int64(plan.windowSeconds * 1e9)
        while Clock.now < end {
            try clients.turn(until: min(end, Clock.now + 100_000_000))
            figures.openMegabytes = max(figures.openMegabytes, ProcFile.residentMegabytes(target.pids))
        }
        figures.opened = clients.counts.begun
        figures.chunks = clients.counts.chunks
        (figures.failures, figures.firstFailure) = (clients.counts.failures, clients.counts.firstFailure)
        clients.closeAll()
        ProcFile.pause(milliseconds: 1_500)
        figures.afterMegabytes = ProcFile.residentMegabytes(target.pids)
        return figures
    }
}
