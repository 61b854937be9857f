import Foundation
import Gossip
import Store

/// Runs one benchmark at a time: requests through this peer's own port, as many at once as the nodes take.
actor BenchmarkDesk {
    /// `GET /dashboard/api/benchmarks/progress`.
    struct Progress: Encodable, Sendable {
        var status = "idle"
        var phase = "idle"
        var elapsed: Double?
        var duration: Double?
        var requests_completed: Int?
        var requests_failed: Int?
        var tok_per_sec: Double?
        var models: [String]?
        var models_pulled: [String]?
        var pull_progress: [String: Int]?
        var error: String?
        var run_id: String?
    }

    private let facts: PeerFacts
    private let clock = ContinuousClock()
    private var state = Progress()
    private var tally = BenchmarkTally()
    private var began: ContinuousClock.Instant?
    private var task: Task<Void, Never>?

    init(facts: PeerFacts) { self.facts = facts }

    private var isRunning: Bool { task != nil }

    /// How far it is.
    var progress: Progress {
        var now = state
        guard let began else { return now }
        let elapsed = now.elapsed ?? Double((clock.now - began) / .seconds(1))
        now.elapsed = elapsed.gigabytes
        now.requests_completed = tally.all.requests - tally.all.failures
        now.requests_failed = tally.all.failures
        now.tok_per_sec = elapsed > 0 ? (Double(tally.all.completionTokens) / elapsed).gigabytes : 0
        return now
    }

    /// Begins a run; nil while another one is under way.
    func start(_ order: BenchmarkOrder) -> String? {
        guard !isRunning else { return nil }
        let id = "bench-\(Int(Date().timeIntervalSince1970))"
        let targets = order.targets(in: facts.view())
        tally = BenchmarkTally()
        began = clock.now
        state = Progress(status: "warming_up", phase: "warming_up")
        state.duration = order.seconds
        state.models = targets.map(\.model)
        state.models_pulled = []
        state.pull_progress = [:]
        state.run_id = id
        task = Task { await run(id, targets, seconds: order.seconds) }
        return id
    }

    /// Ends the run; false when there is none.
    func cancel() -> Bool {
        guard let task else { return false }
        task.cancel()
        return true
    }

    private func run(_ id: String, _ targets: [BenchmarkOrder.Target], seconds: Double) async {
        defer { task = nil }
        guard !targets.isEmpty else { return end("error", "no model of these types is in memory: pin one, or send it a request") }
        let wall = Date().timeIntervalSince1970
        for target in targets where !Task.isCancelled {
            let sample = await facts.benchmarks.send(target.model, target.isEmbedding)
            if !sample.isAnswered, !Task.isCancelled { return end("error", "\(target.model) does not answer") }
        }
        state.status = Task.isCancelled ? state.status : "running"
        state.phase = state.status
        let measured = clock.now
        began = measured
        let last = measured + .seconds(seconds)
        await withTaskGroup(of: Void.self) { group in
            for target in targets {
                for _ in 0..<target.workers { group.addTask { await self.work(target, until: last) } }
            }
            group.addTask { await self.watch(until: last) }
        }
        let took = (clock.now - measured) / .seconds(1)
        state.elapsed = took
        guard !Task.isCancelled else { return end("cancelled", nil) }
        let fleet = Dictionary(
            facts.view().members.map { ($0.name, $0.models?.loaded.count ?? 0) }, uniquingKeysWith: { first, _ in first })
        do {
            try await facts.benchmarks.save(tally.row(id: id, began: wall, seconds: took, fleet: fleet))
            end("complete", nil)
        } catch {
            end("error", "the run could not be kept: \(error)")
        }
    }

    private func end(_ status: String, _ error: String?) {
        state.elapsed = state.elapsed ?? began.map { (clock.now - $0) / .seconds(1) }
        state.status = status
        state.phase = status
        state.error = error
    }

    private func work(_ target: BenchmarkOrder.Target, until last: ContinuousClock.Instant) async {
        while clock.now < last, !Task.isCancelled {
            let sample = await facts.benchmarks.send(target.model, target.isEmbedding)
            guard !Task.isCancelled else { return }
            tally.add(sample, of: target.model)
            // A fleet that refuses at once must not be asked a million times.
            if !sample.isAnswered { try? await Task.sleep(for: .milliseconds(200)) }
        }
    }

    private func watch(until last: ContinuousClock.Instant) async {
        while clock.now < last, !Task.isCancelled {
            for member in facts.view().members {
                tally.peaks[member.name] = max(tally.peaks[member.name] ?? 0, Double(member.hot?.cpuPercent ?? 0))
            }
            try? await Task.sleep(for: min(.seconds(3), max(.milliseconds(10), last - clock.now)))
        }
    }
}
