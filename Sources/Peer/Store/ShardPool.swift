import FoundationEssentials
import GRDB
import Logging
import Synchronization

/// The shard's connections, which are made anew when somebody removes or replaces the file under them: SQLite would go on writing
/// into a file that has no name any more, and all of it would be lost at the next start.
final class ShardPool: Sendable {
    private struct State {
        var pool: DatabasePool
        var checkpointer: Checkpointer
        /// Device and number of the file that is open.
        var file: FileMark?
        var lastLook = ContinuousClock.now
        var replacements = 0
        /// Why there is no file now.
        var problem: String?
    }

    /// What is open of one file.
    struct Connections {
        let pool: DatabasePool
        let checkpointer: Checkpointer
    }

    private let path: String
    private let configuration: ShardConfiguration
    private let logger: Logger
    private let state: Mutex<State>

    /// How often the file is looked for, while rows are written.
    static let lookInterval = Duration.milliseconds(500)

    init(_ connections: Connections, path: String, configuration: ShardConfiguration, logger: Logger) {
        self.path = path
        self.configuration = configuration
        self.logger = logger
        state = Mutex(
            State(pool: connections.pool, checkpointer: connections.checkpointer, file: FileMark(path: path)))
    }

    /// The connections.
    var current: DatabasePool { state.withLock { $0.pool } }

    /// The log is copied no more: the pool is about to be closed.
    func endCheckpoints() { state.withLock(\.checkpointer).close() }

    /// The file at the path is the one that is written to: nobody deleted or replaced it.
    var isFileInPlace: Bool { state.withLock(\.file).map { FileMark(path: path) == $0 } ?? false }

    /// How often the file was lost and made anew.
    var replacements: Int { state.withLock(\.replacements) }

    /// Why there is no file, in words; nil while there is one.
    var problem: String? { state.withLock(\.problem) }

    /// Makes a new file where the old one is gone. Only the writer's queue calls this.
    func lookAfterFile() {
        let now = ContinuousClock.now
        let known: FileMark?? = state.withLock { state in
            guard now - state.lastLook >= Self.lookInterval else { return nil }
            state.lastLook = now
            return .some(state.file)
        }
        guard let known, known == nil || FileMark(path: path) != known else { return }
        let old = current
        do {
            // First, or its end would remove the new one's log.
            endCheckpoints()
            try? old.close()
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
            let fresh = try Shard.reconnect(path, configuration)
            let count = state.withLock { state in
                state.pool = fresh.pool
                state.checkpointer = fresh.checkpointer
                state.file = FileMark(path: path)
                state.replacements += 1
                state.problem = nil
                return state.replacements
            }
            logger.critical(
                "The trace store was removed while it was in use: a new one is used, what was in it is lost",
                metadata: ["path": "\(path)", "times": "\(count)"])
        } catch {
            let words = ShardError.mapped(error, path: path).description
            let isNew = state.withLock { state in
                defer {
                    state.problem = words
                    state.file = nil
                }
                return state.problem != words
            }
            if isNew { logger.critical("The trace store is gone and cannot be made anew", metadata: ["error": "\(words)"]) }
        }
    }
}
