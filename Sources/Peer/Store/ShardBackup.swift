import FoundationEssentials
import GRDB

/// A copy of a shard in another file, made by SQLite's online backup: the peer may write meanwhile, and the copy is of one moment.
public enum ShardBackup {
    /// What was copied.
    public struct Copy: Sendable, Hashable {
        /// The file's size.
        public var bytes: Int64
        /// Traces in it.
        public var traces: Int
    }

    /// Why there is no copy.
    public struct Problem: Error, Sendable, CustomStringConvertible {
        /// What happened, and what to do.
        public let description: String
    }

    /// Copies the shard of a data directory; the file appears under its name only when it is whole.
    /// - Parameter replaces: A file of that name may be replaced.
    public static func copy(directory: String, to target: String, replaces: Bool) throws(Problem) -> Copy {
        let source = (directory.hasSuffix("/") ? directory : directory + "/") + Shard.fileName
        let files = FileManager.default
        guard files.fileExists(atPath: source) else {
            throw Problem(description: "There is no trace store at \(source): name the peer's folder with --data-dir.")
        }
        guard replaces || !files.fileExists(atPath: target) else {
            throw Problem(description: "\(target) is there already: choose another name, or replace it with --force.")
        }
        let partial = target + ".partial"
        defer { for suffix in ["", "-wal", "-shm", "-journal"] { try? files.removeItem(atPath: partial + suffix) } }
        try? files.removeItem(atPath: partial)
        do {
            var reading = Configuration()
            reading.readonly = true
            reading.busyMode = .timeout(10)
            let from = try DatabaseQueue(path: source, configuration: reading)
            let to = try DatabaseQueue(path: partial)
            try from.backup(to: to)
            let traces = try to.write { db in
                let verdict = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? ""
                guard verdict == "ok" else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: verdict) }
                return try Int.fetchOne(db, sql: "SELECT count(*) FROM request_traces") ?? 0
            }
            // One file without companions.
            try to.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA journal_mode = DELETE") }
            try to.close()
            try from.close()
            try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: partial)
            if files.fileExists(atPath: target) { try files.removeItem(atPath: target) }
            try files.moveItem(atPath: partial, toPath: target)
            return Copy(bytes: (try files.attributesOfItem(atPath: target)[.size] as? Int64) ?? 0, traces: traces)
        } catch let error as DatabaseError {
            throw Problem(description: "\(source) could not be copied to \(target): \(error.message ?? "\(error.resultCode)").")
        } catch {
            throw Problem(description: "\(target) could not be written: \(ShardError.words(of: error)).")
        }
    }
}
