internal import GRDB

/// The prepared inserts of one transaction, on the writer's queue.
public struct RowInserts: ~Copyable {
    /// The trace row that is being made; ``insertTrace()`` writes it.
    public var trace: RowBinder<TraceColumn>
    /// The row of work for another peer that is being made; ``insertExecution()`` writes it.
    public var execution: RowBinder<ExecutionColumn>

    private(set) var counts = RowCounts()

    /// The statements are cached by the connection.
    init(_ db: Database) throws {
        let traceInsert = try db.cachedStatement(sql: TraceRow.insertSQL)
        let traceInserts = try db.cachedStatement(sql: TraceRow.insertManySQL)
        let executionInsert = try db.cachedStatement(sql: ExecutionRow.insertSQL)
        let executionInserts = try db.cachedStatement(sql: ExecutionRow.insertManySQL)
        trace = RowBinder(one: traceInsert, many: traceInserts)
        execution = RowBinder(one: executionInsert, many: executionInserts)
    }

    /// Writes the trace row, now or together with later ones.
    /// - Throws: What ends the batch; the writer counts its rows as lost.
    public mutating func insertTrace() throws { counts += try trace.values.endRow() }

    /// Writes the row of work for another peer, now or together with later ones.
    /// - Throws: What ends the batch; the writer counts its rows as lost.
    public mutating func insertExecution() throws { counts += try execution.values.endRow() }

    /// Writes what waits for later rows.
    mutating func finish() throws -> RowCounts {
        counts += try trace.values.flush()
        counts += try execution.values.flush()
        return counts
    }
}
