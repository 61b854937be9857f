import GRDB

extension Shard {
    /// Removes old rows of traces, executions and imported latencies, in small transactions so that the writer never waits long.
    /// - Parameter olderThan: Rows before this time go; seconds since 1970.
    /// - Parameter maxRows: The most rows per table that stay, newest first.
    /// - Parameter maxBytes: The most that the file's rows may take; beyond it the oldest traces and executions go.
    /// - Parameter batch: Rows per transaction, 1 to 10,000.
    /// - Returns: How many rows were removed.
    @discardableResult
    public func retention(
        olderThan: Double, maxRows: Int, maxBytes: Int64 = .max, batch: Int = 500
    ) async throws(ShardError) -> Int {
        let size = min(max(batch, 1), 10_000)
        var removed = 0
        for table in [ShardSchema.requestTraces.name, ShardSchema.executions.name, ShardSchema.importedLatencies] {
            removed += try await remove(from: table, batch: size, where: "timestamp < ?", olderThan)
            let boundary = try await read { db in
                try Int64.fetchOne(
                    db, sql: "SELECT id FROM \(table) ORDER BY id DESC LIMIT 1 OFFSET ?", arguments: [max(maxRows, 0)])
            }
            if let boundary { removed += try await remove(from: table, batch: size, where: "id <= ?", boundary) }
        }
        while try await usedBytes() > maxBytes, !Task.isCancelled {
            let count = try await removeOldest(size)
            removed += count
            if count == 0 { break }
        }
        try await removeCounts(before: olderThan)
        return removed
    }

    /// What the file's pages take that hold something; free ones are used again.
    func usedBytes() async throws(ShardError) -> Int64 {
        try await read { db in
            func number(_ pragma: String) throws -> Int64 { try Int64.fetchOne(db, sql: "PRAGMA \(pragma)") ?? 0 }
            return (try number("page_count") - number("freelist_count")) * (try number("page_size"))
        }
    }

    private func removeOldest(_ batch: Int) async throws(ShardError) -> Int {
        try await write { db in
            var count = 0
            for table in [ShardSchema.requestTraces.name, ShardSchema.executions.name, ShardSchema.importedLatencies] {
                try db.execute(
                    sql: "DELETE FROM \(table) WHERE id IN (SELECT id FROM \(table) ORDER BY id LIMIT ?)", arguments: [batch])
                count += db.changesCount
            }
            return count
        }
    }

    /// Counts live as long as their age allows, whatever the number of traces: an hour goes when all of it is too old.
    private func removeCounts(before time: Double) async throws(ShardError) {
        try await write { db in
            for table in ["trace_hours", "trace_tag_hours"] {
                try db.execute(sql: "DELETE FROM \(table) WHERE hour <= ? - 3600", arguments: [time])
            }
            // Days that are gone go, and the one that is cut is summed up again.
            let day = abs(time) < 1e14 ? Int((time / 86_400).rounded(.down)) * 86_400 : 0
            for table in ShardSchema.rollUps {
                try db.execute(sql: "DELETE FROM \(table.name) WHERE hour < ?", arguments: [day])
            }
            try HourCounter.rollUp(db, from: day, to: day + 86_400)
        }
    }

    private func remove(
        from table: String, batch: Int, where condition: String, _ value: any DatabaseValueConvertible & Sendable
    ) async throws(ShardError) -> Int {
        var removed = 0
        while true {
            let count = try await write { db in
                try db.execute(
                    sql: "DELETE FROM \(table) WHERE id IN (SELECT id FROM \(table) WHERE \(condition) LIMIT ?)",
                    arguments: [value, batch])
                return db.changesCount
            }
            removed += count
            if count < batch || Task.isCancelled { return removed }
        }
    }
}
