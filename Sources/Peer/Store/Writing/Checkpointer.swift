import Dispatch
import GRDB
import GRDBSQLite
import Synchronization

/// Copies the write-ahead log into the file, on a queue and a connection of its own, so that no row waits for it.
///
/// SQLite would do it in the commit that makes the log long, and the rows of the next batch would wait while the disk syncs twice:
/// they would be lost if the program were killed meanwhile.
final class Checkpointer: Sendable {
    private struct State {
        var isRunning = false
        var isClosed = false
        /// The log is copied when it has so many pages.
        var nextPages: Int
        var last = ContinuousClock.now
        weak var pool: DatabasePool?
    }

    private let connection: DatabaseQueue
    private let limit: Int
    private let interval: Duration
    private let queue = DispatchQueue(label: "herd-peer.shard.checkpoint", qos: .utility)
    private let state: Mutex<State>

    /// How often it tries to come to the end of a log that grows meanwhile; each time there is less to copy.
    private static let passes = 8
    /// A log of so many times the limit is copied while no row is written: the disk is too slow to catch up with the writer.
    private static let patience = 4

    /// - Parameter path: An existing file with a write-ahead log.
    /// - Throws: `DatabaseError`
    init(path: String, _ configuration: ShardConfiguration) throws {
        var own = Configuration()
        own.label = "herd-peer.shard.checkpoint"
        own.prepareDatabase { db in
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
            try db.execute(sql: "PRAGMA cache_size = -64")
        }
        connection = try DatabaseQueue(path: path, configuration: own)
        limit = configuration.autocheckpointPages
        interval = configuration.checkpointInterval
        state = Mutex(State(nextPages: limit))
    }

    /// The pool whose log it is.
    func serve(_ pool: DatabasePool) { state.withLock { $0.pool = pool } }

    /// Hears of every commit of a connection, which does not copy the log by itself any more. The connection does not keep this
    /// object: ``ShardPool`` does, and whoever writes keeps that.
    func watch(_ db: Database) {
        let hook: @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?, UnsafePointer<CChar>?, CInt) -> CInt = {
            context, _, _, pages in
            if let context { Unmanaged<Checkpointer>.fromOpaque(context).takeUnretainedValue().logGrew(to: Int(pages)) }
            return SQLITE_OK
        }
        sqlite3_wal_hook(db.sqliteConnection, hook, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Copies no more, and closes its connection.
    func close() {
        state.withLock { $0.isClosed = true }
        queue.sync { try? connection.close() }
    }

    private func logGrew(to pages: Int) {
        let isDue = state.withLock { state in
            guard !state.isRunning, !state.isClosed else { return false }
            state.isRunning = (limit > 0 && pages >= state.nextPages) || ContinuousClock.now - state.last >= interval
            return state.isRunning
        }
        if isDue { queue.async { self.run() } }
    }

    private func run() {
        var left = copy()
        for _ in 1..<Self.passes where left.pages > 0 { left = copy() }
        if left.pages > 0, left.log >= limit * Self.patience, let pool = state.withLock(\.pool) {
            // On the writer's connection nobody writes meanwhile; most is copied, so it takes little more than two syncs.
            left = (try? pool.writeWithoutTransaction { db in try Self.copy(db) }) ?? left
        }
        state.withLock { state in
            state.isRunning = false
            state.last = .now
            // A reader may hold the log for long: trying again with every commit would not help.
            state.nextPages = left.pages > 0 ? left.log + max(limit / 2, 1) : limit
        }
    }

    /// One pass; what fails is tried again later, the rows are safe in the log.
    private func copy() -> (log: Int, pages: Int) {
        (try? connection.writeWithoutTransaction { db in try Self.copy(db) }) ?? (0, 0)
    }

    /// - Returns: The pages in the log, and those of them that are not in the file.
    private static func copy(_ db: Database) throws -> (log: Int, pages: Int) {
        let (log, copied) = try db.checkpoint(.passive)
        return (log, max(0, log - copied))
    }
}
