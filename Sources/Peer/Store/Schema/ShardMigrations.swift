import GRDB

/// The steps from an empty file, or from a file of ollama-herd, to the present schema.
///
/// A step is never edited after a release; a change is a new step. Steps only add, so an older program still reads a newer file.
enum ShardMigrations {
    static func migrator() -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001-public-tables", foreignKeyChecks: .immediate) { db in
            for table in [
                ShardSchema.latencyObservations, ShardSchema.requestTraces, ShardSchema.benchmarkRuns, ShardSchema.fleetBriefings,
            ] {
                try create(table, in: db)
            }
        }
        migrator.registerMigration("0002-mesh-traces", foreignKeyChecks: .immediate) { db in
            try addMissing(ShardSchema.traceAdditions, to: ShardSchema.requestTraces.name, in: db)
            try create(ShardSchema.executions, in: db)
        }
        migrator.registerMigration("0003-rewrites", foreignKeyChecks: .immediate) { db in
            try addMissing(ShardSchema.rewriteAdditions, to: ShardSchema.requestTraces.name, in: db)
        }
        migrator.registerMigration("0004-latencies-are-a-view", foreignKeyChecks: .immediate) { db in
            try makeLatenciesAView(in: db)
            for columns in ShardSchema.droppedTraceIndices {
                try dropIndex(on: columns, of: ShardSchema.requestTraces.name, in: db)
            }
            try create(ShardSchema.pairIndex, on: ShardSchema.requestTraces.name, in: db)
        }
        migrator.registerMigration("0005-counts-per-hour", foreignKeyChecks: .immediate) { db in
            for sql in [ShardSchema.hourCounts, ShardSchema.tagCounts, ShardSchema.countedTraces] { try db.execute(sql: sql) }
            // The writer counts what is there, some thousands of traces per batch: the start does not wait for it.
            try db.execute(sql: "INSERT INTO trace_hours_covered (trace_id) VALUES (0)")
        }
        migrator.registerMigration("0006-days-of-other-peers", foreignKeyChecks: .immediate) { db in
            for sql in ShardSchema.ownerDays { try db.execute(sql: sql) }
        }
        migrator.registerMigration("0007-views-of-nomyo-router", foreignKeyChecks: .immediate) { db in
            for view in ShardSchema.nomyoViews where try !db.tableExists(view.name) && !db.viewExists(view.name) {
                try db.execute(sql: "CREATE VIEW \(view.name) AS \(view.query)")
            }
        }
        migrator.registerMigration("0008-days-and-totals", foreignKeyChecks: .immediate) { db in
            for table in ShardSchema.rollUps {
                try db.execute(sql: table.declaration)
                try db.execute(sql: table.fill, arguments: [Int64.min, Int64.max])
            }
            try db.execute(sql: ShardSchema.troubleIndex)
        }
        migrator.registerMigration("0009-eliminated-machines", foreignKeyChecks: .immediate) { db in
            try addMissing(ShardSchema.eliminationAdditions, to: ShardSchema.requestTraces.name, in: db)
        }
        return migrator
    }

    /// Makes the table, or completes one that another program made.
    private static func create(_ table: ShardSchema.Table, in db: Database) throws {
        let columns = table.columns.map { "\($0.name) \($0.declaration)" }.joined(separator: ", ")
        try db.execute(sql: "CREATE TABLE IF NOT EXISTS \(table.name) (\(columns))")
        try addMissing(table.columns, to: table.name, in: db)
        let present = Set(try db.indexes(on: table.name).map(\.columns))
        for columns in table.indices where !present.contains(columns) {
            let name = "idx_\(table.name)_\(columns.joined(separator: "_"))"
            try db.execute(sql: "CREATE INDEX IF NOT EXISTS \(name) ON \(table.name) (\(columns.joined(separator: ", ")))")
        }
    }

    /// A file that was given back to ollama-herd has the table again, and may come back: the view is made anew over both.
    static func restoreLatencyView(in db: Database) throws {
        let table = ShardSchema.latencyObservations.name
        guard try db.tableExists(table) else { return }
        try db.execute(sql: "ALTER TABLE \(table) RENAME TO \(ShardSchema.importedLatencies)")
        try create(["node_id", "model_name", "timestamp"], on: ShardSchema.importedLatencies, in: db)
        try db.execute(
            sql: """
                UPDATE latency_observations_start SET shift = max(shift,
                    (SELECT coalesce(max(id), 0) FROM \(ShardSchema.importedLatencies)) - trace_id)
                """)
        try db.execute(sql: ShardSchema.latencyView)
        try db.execute(sql: ShardSchema.latencyTriggers)
    }

    /// The rows that are there stay as they are, under another name; those to come are read out of the traces.
    private static func makeLatenciesAView(in db: Database) throws {
        let table = ShardSchema.latencyObservations.name
        let imported = ShardSchema.importedLatencies
        let latest = try Int64.fetchOne(db, sql: "SELECT coalesce(max(id), 0) FROM request_traces") ?? 0
        let latestImported = try Int64.fetchOne(db, sql: "SELECT coalesce(max(id), 0) FROM \(table)") ?? 0
        try db.execute(sql: "ALTER TABLE \(table) RENAME TO \(imported)")
        try dropIndex(on: ["node_id", "model_name"], of: imported, in: db)
        try dropIndex(on: ["model_name", "timestamp"], of: imported, in: db)
        try create(["node_id", "model_name", "timestamp"], on: imported, in: db)
        try db.execute(sql: ShardSchema.latencyStart)
        try db.execute(
            sql: "INSERT INTO latency_observations_start (trace_id, shift) VALUES (?, ?)",
            arguments: [latest, max(0, latestImported - latest)])
        try db.execute(sql: ShardSchema.latencyView)
        try db.execute(sql: ShardSchema.latencyTriggers)
    }

    private static func create(_ columns: [String], on table: String, in db: Database) throws {
        let name = "idx_\(table)_\(columns.joined(separator: "_"))"
        try db.execute(sql: "CREATE INDEX IF NOT EXISTS \(name) ON \(table) (\(columns.joined(separator: ", ")))")
    }

    /// Whatever the index is called: files of other programs have names of their own.
    private static func dropIndex(on columns: [String], of table: String, in db: Database) throws {
        for index in try db.indexes(on: table) where index.columns == columns && !index.isUnique {
            try db.execute(sql: "DROP INDEX \(index.name.quotedDatabaseIdentifier)")
        }
    }

    /// Adds columns that an older file does not have. SQLite cannot add a NOT NULL column without a default, nor a unique one:
    /// such a column of an older file becomes a plain one.
    private static func addMissing(_ columns: [(name: String, declaration: String)], to table: String, in db: Database) throws {
        let present = Set(try db.columns(in: table).map(\.name))
        for column in columns where !present.contains(column.name) {
            let declaration = column.declaration.replacing(" UNIQUE", with: "").replacing(" NOT NULL", with: "")
            try db.execute(sql: "ALTER TABLE \(table) ADD COLUMN \(column.name) \(declaration)")
        }
    }
}
