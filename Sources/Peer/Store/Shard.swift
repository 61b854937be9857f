import GRDB
import Logging
import Synchronization

/// This peer's SQLite file `latency.db`: traces, executions, latencies, benchmarks, briefings.
///
/// One shard per file for the whole life of the program. Rows are appended without waiting and written in batches
/// by a thread of its own; a program that is killed loses at most the rows of the last batch interval and never the file.
public final class Shard: Sendable {
    /// The file's name in the data directory, as in ollama-herd.
    public static let fileName = "latency.db"

    /// The file.
    public let path: String
    /// Where a damaged file was moved at this start, nil when there was none; health reports it.
    public let recoveredFrom: String?

    let pools: ShardPool
    var pool: DatabasePool { pools.current }
    let writer: BatchWriter
    let logger: Logger
    private let isClosed = Mutex(false)

    init(
        path: String, recoveredFrom: String?, connections: ShardPool.Connections, configuration: ShardConfiguration,
        logger: Logger
    ) {
        self.path = path
        self.recoveredFrom = recoveredFrom
        pools = ShardPool(connections, path: path, configuration: configuration, logger: logger)
        self.logger = logger
        self.writer = BatchWriter(pools: pools, configuration: configuration, logger: logger)
        writer.countWhatIsThere()
    }

    /// What the writer has done so far.
    public var statistics: ShardStatistics {
        var statistics = writer.statistics
        statistics.filesReplaced = pools.replacements
        statistics.fileProblem = pools.problem
        return statistics
    }

    /// Puts a trace row in line. Never waits; a full line drops the row and counts it. Returns whether it was taken.
    @discardableResult
    public func append(_ row: TraceRow) -> Bool { writer.append(.trace(row)) }

    /// Puts a target's row in line. Never waits; a full line drops the row and counts it. Returns whether it was taken.
    @discardableResult
    public func append(_ row: ExecutionRow) -> Bool { writer.append(.execution(row)) }

    /// From now on the writer takes the rows of this queue as well. Its owner calls ``rowsWait()``.
    public func add(_ source: any RowSource) { writer.add(source) }

    /// Rows wait in a source: the writer takes them after the batch interval. Costs next to nothing when it knows already.
    public func rowsWait() { writer.schedule() }

    /// Writes the rows that wait now, then returns.
    public func flush() async { await writer.flush() }

    /// Writes what waits now, and returns when that is done or `limit` is over, whichever comes first.
    public func flush(within limit: Duration) async { await writer.flush(within: limit) }

    /// Writes what waits, brings the file up to date and closes it. Rows that come later are dropped and counted.
    public func close() async {
        await writer.close()
        let first = isClosed.withLock { closed in
            defer { closed = true }
            return !closed
        }
        guard first else { return }
        pools.endCheckpoints()
        do {
            _ = try await pool.writeWithoutTransaction { db in try db.checkpoint(.passive) }
            // The readers go first: only a writing connection that is the last one removes the write-ahead log.
            pool.invalidateReadOnlyConnections()
            try pool.close()
        } catch {
            logger.warning("The trace store did not close cleanly", metadata: ["error": "\(error)", "path": "\(path)"])
        }
    }

    /// Reads on one of the pool's connections.
    func read<T: Sendable>(_ body: @Sendable @escaping (Database) throws -> T) async throws(ShardError) -> T {
        guard !isClosed.withLock({ $0 }) else { throw .closed }
        do { return try await pool.read(body) } catch { throw ShardError.mapped(error, path: path) }
    }

    /// Writes in one transaction, between the batches.
    func write<T: Sendable>(_ body: @Sendable @escaping (Database) throws -> T) async throws(ShardError) -> T {
        guard !isClosed.withLock({ $0 }) else { throw .closed }
        do { return try await pool.write(body) } catch { throw ShardError.mapped(error, path: path) }
    }
}
