internal import GRDB

/// The prepared inserts of one transaction, on the writer's queue.
public struct RowInserts: ~Copyable {
    /// The trace row that is being made; ``insertTrace()`` writes it.
    public var trace: RowBinder<TraceColumn>
    /// The row of work for another peer that is being made; ``insertExecution()`` writes it.
    public var execution: RowBinder<ExecutionColumn>

    private var counts = RowCounts()
    private var counter: HourCounter
    private var incomplete = 0

    /// The statements are cached by the connection.
    init(_ db: Database) throws {
        let counter = try HourCounter(db)
        let traceInsert = try db.cachedStatement(sql: TraceRow.insertSQL)
        let traceInserts = try db.cachedStatement(sql: TraceRow.insertManySQL)
        let executionInsert = try db.cachedStatement(sql: ExecutionRow.insertSQL)
        let executionInserts = try db.cachedStatement(sql: ExecutionRow.insertManySQL)
        self.counter = counter
        trace = RowBinder(one: traceInsert, many: traceInserts)
        execution = RowBinder(one: executionInsert, many: executionInserts)
    }

    /// Writes the trace row, now or together with later ones.
    /// - Throws: What ends the batch; the writer counts its rows as lost.
    public mutating func insertTrace() throws {
        if trace.values.isComplete { try counter.add(trace.values) } else { incomplete += 1 }
        counts += try trace.values.endRow()
    }

    /// Writes the row of work for another peer, now or together with later ones.
    /// - Throws: What ends the batch; the writer counts its rows as lost.
    public mutating func insertExecution() throws { counts += try execution.values.endRow() }

    /// Writes what waits for later rows.
    mutating func finish() throws -> RowCounts {
        counts += try trace.values.flush()
        let isExact = counts.refused == incomplete
        counts += try execution.values.flush()
        try counter.finish(isExact: isExact)
        return counts
    }
}
