import FoundationEssentials
import GRDB
public import Logging

extension Shard {
    /// Opens or makes the shard in a data directory.
    ///
    /// The directory is made when it is missing. A damaged file is moved aside as `latency.db.corrupt-<UTC stamp>` with its
    /// `-wal` and `-shm`, the fact is logged and kept in ``recoveredFrom``, and a fresh file takes its place.
    /// - Parameter directory: The data directory.
    /// - Parameter configuration: Limits and intervals.
    /// - Parameter logger: Hears of damage and of lost rows.
    /// - Throws: ``ShardError`` with the path and what to do.
    public static func open(
        directory: String, configuration: ShardConfiguration = ShardConfiguration(),
        logger: Logger = Logger(label: "herd-peer.store")
    ) throws(ShardError) -> Shard {
        try makeDirectory(directory)
        let path = directory.hasSuffix("/") ? directory + fileName : directory + "/" + fileName
        do {
            let connections = try connect(path, configuration)
            return Shard(
                path: path, recoveredFrom: nil, connections: connections, configuration: configuration, logger: logger)
        } catch {
            guard ShardError.isDamage(error) else { throw ShardError.mapped(error, path: path) }
            let aside = try moveAside(path)
            logger.critical(
                "The trace store was damaged; it was moved aside and a new one is used",
                metadata: ["path": "\(path)", "moved.to": "\(aside)", "error": "\(error)"])
            do {
                let connections = try connect(path, configuration)
                return Shard(
                    path: path, recoveredFrom: aside, connections: connections, configuration: configuration, logger: logger)
            } catch {
                throw ShardError.mapped(error, path: path)
            }
        }
    }

    /// A new file in place of one that was removed; its directory too.
    static func reconnect(_ path: String, _ configuration: ShardConfiguration) throws -> ShardPool.Connections {
        try makeDirectory(String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.endIndex)))
        return try connect(path, configuration)
    }

    private static func makeDirectory(_ directory: String) throws(ShardError) {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ShardError.unusableDirectory(path: directory, reason: ShardError.words(of: error))
        }
    }

    /// Of the writing connection: the pages of one batch.
    static let cacheKilobytes = 4000

    /// Opens the pool, looks for damage and migrates. On failure the pool is closed again.
    private static func connect(_ path: String, _ settings: ShardConfiguration) throws -> ShardPool.Connections {
        var configuration = Configuration()
        configuration.label = "herd-peer.shard"
        configuration.busyMode = .timeout(settings.busyTimeout.fractionalSeconds)
        configuration.maximumReaderCount = settings.readers
        let logLimit = settings.logLimitBytes
        let maximumPages = settings.maximumPages
        configuration.prepareDatabase { db in
            guard !db.configuration.readonly else { return }
            // Of a new file only. A trace of a small fleet fills half a page of the usual size.
            try db.execute(sql: "PRAGMA page_size = 8192")
            try db.execute(sql: "PRAGMA cache_size = -\(cacheKilobytes)")
            // A log that one long reader made grow is cut back.
            try db.execute(sql: "PRAGMA journal_size_limit = \(logLimit)")
            if let maximumPages { try db.execute(sql: "PRAGMA max_page_count = \(maximumPages)") }
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        do {
            try lookForDamage(pool, path, settings)
            try migrate(pool, path)
            let checkpointer = try Checkpointer(path: path, settings)
            checkpointer.serve(pool)
            pool.writeWithoutTransaction { db in checkpointer.watch(db) }
            return ShardPool.Connections(pool: pool, checkpointer: checkpointer)
        } catch {
            try? pool.close()
            throw error
        }
    }

    private static func lookForDamage(_ pool: DatabasePool, _ path: String, _ settings: ShardConfiguration) throws {
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64) ?? 0
        try pool.read { db in
            // Reading the schema finds a damaged header; the check finds damaged pages.
            _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master")
            guard size <= settings.quickCheckLimitBytes else { return }
            let verdict = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? ""
            if verdict != "ok" { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: verdict) }
        }
    }

    private static func migrate(_ pool: DatabasePool, _ path: String) throws {
        do {
            try ShardMigrations.migrator().migrate(pool)
            try pool.write { db in try ShardMigrations.restoreLatencyView(in: db) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
            throw ShardError.migration(path: path, reason: error.message ?? "\(error)")
        }
    }

    /// Renames the file and its companions; returns the new path.
    private static func moveAside(_ path: String) throws(ShardError) -> String {
        let stamp = Date.now.formatted(Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted))
        let files = FileManager.default
        var target = "\(path).corrupt-\(stamp)"
        var number = 1
        while files.fileExists(atPath: target) {
            number += 1
            target = "\(path).corrupt-\(stamp)-\(number)"
        }
        do {
            try files.moveItem(atPath: path, toPath: target)
            for suffix in ["-wal", "-shm"] where files.fileExists(atPath: path + suffix) {
                try files.moveItem(atPath: path + suffix, toPath: target + suffix)
            }
        } catch {
            throw ShardError.cannotMoveAside(path: path, reason: ShardError.words(of: error))
        }
        return target
    }
}
