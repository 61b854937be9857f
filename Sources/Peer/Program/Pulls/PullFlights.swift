import Gossip

/// Pulls under way, each model at most once: whoever asks for one that runs waits for that one.
actor PullFlights {
    /// Does the work of one pull; tells on the way how far it is.
    typealias Work = @Sendable (_ model: String, _ progress: @escaping @Sendable (PullReport) async -> Void) async -> PullReport

    private struct Flight {
        var report: PullReport
        /// Nil while it runs.
        var endedAt: ContinuousClock.Instant?
    }

    private let most: Int
    private let memory: Duration
    private let work: Work
    private let clock = ContinuousClock()
    /// By canonical name.
    private var flights: [String: Flight] = [:]

    /// Ends that are remembered, so that a flood of one wrong name does not reach the registry.
    static let memoryLimit = 256
    /// How often somebody who waits looks.
    static let pause = Duration.milliseconds(50)

    /// - Parameters:
    ///   - most: pulls that may run at once.
    ///   - memory: how long a failure is remembered.
    init(most: Int = 4, memory: Duration = .seconds(30), work: @escaping Work) {
        self.most = most
        self.memory = memory
        self.work = work
    }

    /// Pulls that run.
    var running: Int { flights.values.count { $0.endedAt == nil } }

    /// A pull that runs.
    func look(_ model: String) -> PullReport {
        let flight = flights[ModelKey.canonical(model)]
        return flight.flatMap { $0.endedAt == nil ? $0.report : nil } ?? PullReport(.unknown)
    }

    /// Starts the pull, unless it runs or failed a moment ago, and waits for its end; after `wait` says how far it is.
    func ask(_ model: String, wait: Duration) async -> PullReport {
        let key = ModelKey.canonical(model)
        forget()
        if flights[key] == nil {
            guard running < most, flights.count < Self.memoryLimit + most else {
                return PullReport(.busy, reason: "\(running) models are being pulled")
            }
            begin(model, key)
        }
        let end = clock.now + wait
        while let flight = flights[key] {
            if flight.endedAt != nil || clock.now >= end { return flight.report }
            try? await clock.sleep(for: Self.pause)
            if Task.isCancelled { return flight.report }
        }
        return PullReport(.unknown)
    }

    private func begin(_ model: String, _ key: String) {
        flights[key] = Flight(report: PullReport(.pulling))
        let work = work
        Task {
            let report = await work(model) { [weak self] progress in await self?.note(progress, key) }
            end(report, key)
        }
    }

    private func note(_ report: PullReport, _ key: String) {
        guard flights[key]?.endedAt == nil else { return }
        flights[key]?.report = report
    }

    private func end(_ report: PullReport, _ key: String) { flights[key] = Flight(report: report, endedAt: clock.now) }

    /// What is there is asked for no more, what failed may be tried again.
    private func forget() {
        let now = clock.now
        flights = flights.filter { _, flight in
            guard let endedAt = flight.endedAt else { return true }
            return now - endedAt < (flight.report.state == .failed ? memory : .seconds(1))
        }
    }
}
