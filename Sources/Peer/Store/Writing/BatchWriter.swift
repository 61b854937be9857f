import Dispatch
import GRDB
import Logging
import Synchronization

/// Collects rows from any thread and writes them in batches on its own queue. Appending never waits for the disk.
final class BatchWriter: Sendable {
    private struct State {
        var waiting = WaitingRows()
        var sources: [any RowSource] = []
        var drainScheduled = false
        /// How many wait for the writer and not for the batch interval.
        var hurries = 0
        var closed = false
        var statistics = ShardStatistics()
        var lastComplaint: ContinuousClock.Instant?
    }

    /// What fits into SQLite's page cache (``Shard/cacheKilobytes``): a transaction beyond it writes pages before their time.
    private static let transactionRows = 1024

    private let pools: ShardPool
    private var pool: DatabasePool { pools.current }
    private let configuration: ShardConfiguration
    private let logger: Logger
    private let queue = DispatchQueue(label: "herd-peer.shard.writer", qos: .utility)
    private let bell = DispatchSemaphore(value: 0)
    private let state = Mutex(State())

    init(pools: ShardPool, configuration: ShardConfiguration, logger: Logger) {
        self.pools = pools
        self.configuration = configuration
        self.logger = logger
    }

    var statistics: ShardStatistics {
        let (copy, sources) = state.withLock { state in
            var copy = state.statistics
            copy.rowsWaiting = state.waiting.count
            return (copy, state.sources)
        }
        return sources.reduce(into: copy) { $0.rowsWaiting += $1.waitingRows }
    }

    /// From now on every batch holds the rows of this queue too.
    func add(_ source: any RowSource) { state.withLock { $0.sources.append(source) } }

    /// Rows wait in a source: writes them after the batch interval.
    func schedule() {
        let isFirst = state.withLock { state in
            defer { state.drainScheduled = true }
            return !state.drainScheduled
        }
        if isFirst { drainSoon() }
    }

    /// Puts a row in line; a full line drops it. Returns whether it was taken.
    @discardableResult
    func append(_ row: WaitingRows.Row) -> Bool {
        enum Next { case dropped, nothing, soon, now }
        let next: Next = state.withLock { state in
            guard !state.closed, state.waiting.count < configuration.queueLimit else {
                state.statistics.rowsDropped += 1
                return .dropped
            }
            state.waiting.rows.append(row)
            if state.waiting.count == configuration.batchRows { return .now }
            if state.drainScheduled { return .nothing }
            state.drainScheduled = true
            return .soon
        }
        switch next {
        case .dropped: return false
        case .nothing: break
        case .soon: drainSoon()
        case .now: hurry { self.drain() }
        }
        return true
    }

    /// The writer's own thread waits, not a timer: on a busy machine a timer's thread would have to be woken first, and then this.
    private func drainSoon() {
        queue.async {
            if self.state.withLock(\.hurries) == 0 {
                _ = self.bell.wait(timeout: .now() + .nanoseconds(self.configuration.batchInterval.wholeNanoseconds))
            }
            self.drain()
        }
    }

    /// Runs something that drains, as soon as the writer is free.
    private func hurry(_ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.hurries += 1 }
        bell.signal()
        queue.async {
            body()
            self.state.withLock { $0.hurries -= 1 }
        }
    }

    /// Writes everything that waits now, then returns.
    func flush() async {
        await withCheckedContinuation { continuation in
            hurry {
                self.drain()
                continuation.resume()
            }
        }
    }

    /// The same, but for no longer than `limit`: where the disk hangs, what waits goes on waiting.
    func flush(within limit: Duration) async {
        await withCheckedContinuation { continuation in
            let caller = Caller(continuation)
            queue.async {
                self.drain()
                caller.goOn()
            }
            DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(limit.wholeNanoseconds)) { caller.goOn() }
        }
    }

    /// Goes on once, whoever calls first.
    private final class Caller: Sendable {
        private let waiting: Mutex<CheckedContinuation<Void, Never>?>

        init(_ continuation: CheckedContinuation<Void, Never>) { waiting = Mutex(continuation) }

        func goOn() { waiting.withLock { $0.take() }?.resume() }
    }

    /// Takes no more rows and writes those that wait.
    func close() async {
        state.withLock { $0.closed = true }
        await flush()
    }

    /// Counts the traces that other programs or older versions left uncounted, a piece at a time, between the batches.
    func countWhatIsThere() {
        queue.async {
            guard !self.state.withLock(\.closed) else { return }
            // What fails now is tried again with the next batch.
            let isDone = try? self.pool.write { db in try HourCounter(db).isUpToDate }
            if isDone == false { self.countWhatIsThere() }
        }
    }

    private func drain() {
        // Whoever rings the bell drains afterwards: what is heard too late counts no more.
        while bell.wait(timeout: .now()) == .success {}
        pools.lookAfterFile()
        let (own, sources) = state.withLock { state in
            state.drainScheduled = false
            defer { state.waiting = WaitingRows() }
            return (state.waiting, state.sources)
        }
        var batches: [any RowBatch] = own.rows.isEmpty ? [] : [own]
        // After the flag is down: a row that comes now either goes along or asks again.
        batches += sources.compactMap { $0.takeRows() }
        for batch in batches {
            for start in stride(from: 0, to: batch.count, by: Self.transactionRows) {
                write(batch, start..<min(start + Self.transactionRows, batch.count))
            }
        }
    }

    private func write(_ batch: any RowBatch, _ range: Range<Int>) {
        do {
            let counts = try pool.write { db in
                var inserts = try RowInserts(db)
                try batch.write(range, into: &inserts)
                return try inserts.finish()
            }
            state.withLock { state in
                state.statistics.rowsWritten += counts.written
                state.statistics.batches += 1
                state.statistics.lastError = nil
            }
            if counts.refused > 0 { complain("the table refused a row", lost: counts.refused) }
        } catch {
            complain(String(describing: error), lost: range.count)
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
}
