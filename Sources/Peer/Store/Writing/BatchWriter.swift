import Dispatch
import GRDB
import Logging
import Synchronization

/// Collects rows from any thread and writes them in batches on its own queue. Appending never waits for the disk.
final class BatchWriter: Sendable {
    /// A row for one of the tables.
    enum Row: Sendable {
        case trace(TraceRow)
        case execution(ExecutionRow)
    }

    private struct State {
        var waiting: [Row] = []
        var drainScheduled = false
        var closed = false
        var statistics = ShardStatistics()
        var lastComplaint: ContinuousClock.Instant?
        var lastCheckpoint = ContinuousClock.now
    }

    private static let transactionRows = 512

    private let pool: DatabasePool
    private let configuration: ShardConfiguration
    private let logger: Logger
    private let queue = DispatchQueue(label: "herd-peer.shard.writer", qos: .utility)
    private let state = Mutex(State())

    init(pool: DatabasePool, configuration: ShardConfiguration, logger: Logger) {
        self.pool = pool
        self.configuration = configuration
        self.logger = logger
    }

    var statistics: ShardStatistics {
        state.withLock { state in
            var copy = state.statistics
            copy.rowsWaiting = state.waiting.count
            return copy
        }
    }

    /// Puts a row in line; a full line drops it. Returns whether it was taken.
    @discardableResult
    func append(_ row: Row) -> Bool {
        enum Next { case dropped, nothing, soon, now }
        let next: Next = state.withLock { state in
            guard !state.closed, state.waiting.count < configuration.queueLimit else {
                state.statistics.rowsDropped += 1
                return .dropped
            }
            state.waiting.append(row)
            if state.waiting.count == configuration.batchRows { return .now }
            if state.drainScheduled { return .nothing }
            state.drainScheduled = true
            return .soon
        }
        switch next {
        case .dropped: return false
        case .nothing: break
        case .soon:
            queue.asyncAfter(deadline: .now() + .nanoseconds(configuration.batchInterval.wholeNanoseconds)) { self.drain() }
        case .now: queue.async { self.drain() }
        }
        return true
    }

    /// Writes everything that waits now, then returns.
    func flush() async {
        await withCheckedContinuation { continuation in
            queue.async {
                self.drain()
                continuation.resume()
            }
        }
    }

    /// Takes no more rows and writes those that wait.
    func close() async {
        state.withLock { $0.closed = true }
        await flush()
    }

    private func drain() {
        let rows = state.withLock { state in
            state.drainScheduled = false
            let rows = state.waiting
            state.waiting = []
            return rows
        }
        var start = 0
        while start < rows.count {
            let end = min(start + Self.transactionRows, rows.count)
            write(rows[start..<end])
            start = end
        }
        if !rows.isEmpty { checkpointIfDue() }
    }

    private func write(_ rows: ArraySlice<Row>) {
        do {
            try pool.write { db in
                let trace = try db.cachedStatement(sql: TraceRow.insertSQL)
                let latency = try db.cachedStatement(sql: LatencyObservation.insertSQL)
                let execution = try db.cachedStatement(sql: ExecutionRow.insertSQL)
                for row in rows {
                    switch row {
                    case .trace(let row):
                        try trace.execute(arguments: row.insertArguments)
                        if let seen = row.latencyObservation { try latency.execute(arguments: seen.insertArguments) }
                    case .execution(let row):
                        try execution.execute(arguments: row.insertArguments)
                    }
                }
            }
            state.withLock { state in
                state.statistics.rowsWritten += rows.count
                state.statistics.batches += 1
                state.statistics.lastError = nil
            }
        } catch {
            complain(String(describing: error), lost: rows.count)
        }
    }

    /// Counts the lost rows and says so, at most once a minute.
    private func complain(_ reason: String, lost: Int) {
        let now = ContinuousClock.now
        let (speak, total) = state.withLock { state in
            state.statistics.rowsDropped += lost
            state.statistics.lastError = reason
            let speak = state.lastComplaint.map { now - $0 >= .seconds(60) } ?? true
            if speak { state.lastComplaint = now }
            return (speak, state.statistics.rowsDropped)
        }
        if speak {
            logger.error(
                "Trace rows could not be written and are lost",
                metadata: ["error": "\(reason)", "rows.lost": "\(lost)", "rows.lost.total": "\(total)"])
        }
    }

    private func checkpointIfDue() {
        let now = ContinuousClock.now
        let due = state.withLock { state in
            guard now - state.lastCheckpoint >= configuration.checkpointInterval else { return false }
            state.lastCheckpoint = now
            return true
        }
        // A checkpoint that fails is tried again later; the rows are safe in the write-ahead log.
        if due { _ = try? pool.writeWithoutTransaction { db in try db.checkpoint(.passive) } }
    }
}
