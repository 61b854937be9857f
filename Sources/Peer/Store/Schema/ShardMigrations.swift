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
