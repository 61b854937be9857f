import Synchronization

/// Many schedules on a few threads. Each schedule stands alone, so the result does not depend on their order.
public struct Campaign: Sendable {
    /// What is run, in order.
    public var batches: [Batch]
    /// Which rules.
    public var subject: Subject
    /// A deliberate fault, if any.
    public var mutation: Mutation?
    /// How many run at once.
    public var threads: Int

    /// A campaign on two threads.
    public init(_ batches: [Batch], subject: Subject = .herd, mutation: Mutation? = nil, threads: Int = 2) {
        self.batches = batches
        self.subject = subject
        self.mutation = mutation
        self.threads = max(1, threads)
    }

    /// How many schedules there are.
    public var count: Int { batches.reduce(0) { $0 + $1.count } }

    /// Runs all; `progress` is told after each one, in the order of their ends.
    public func run(progress: (@Sendable (Report) -> Void)? = nil) async -> Report {
        let ledger = Ledger()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<threads {
                group.addTask {
                    while let schedule = ledger.take({ next(&$0) }) {
                        let report = ledger.add(Simulation.run(schedule, subject: subject, mutation: mutation))
                        progress?(report)
                    }
                }
            }
        }
        return ledger.report
    }

    private func next(_ number: inout Int) -> Schedule? {
        var place = number
        for batch in batches {
            if place < batch.count {
                number += 1
                return batch.schedule(place)
            }
            place -= batch.count
        }
        return nil
    }

    /// What the threads share.
    private final class Ledger: Sendable {
        private let started = ContinuousClock.now
        private let state = Mutex((next: 0, report: Report()))

        func take(_ next: (inout Int) -> Schedule?) -> Schedule? { state.withLock { next(&$0.next) } }

        func add(_ outcome: Outcome) -> Report {
            state.withLock { state in
                state.report.add(outcome)
                state.report.wall = ContinuousClock.now - started
                return state.report
            }
        }

        var report: Report { state.withLock { $0.report } }
    }
}
