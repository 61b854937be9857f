internal import GRDB

/// The prepared inserts of one transaction, on the writer's queue.
public struct RowInserts {
    /// The trace row that is being made; ``insertTrace()`` writes it.
    public var trace: RowBinder<TraceColumn>
    /// The row of work for another peer that is being made; ``insertExecution()`` writes it.
    public var execution: RowBinder<ExecutionColumn>

    /// Rows that their tables took.
    private(set) var written = 0
    /// Rows that their tables refused.
    private(set) var refused = 0

    init(_ db: Database) throws {
        trace = RowBinder(try db.cachedStatement(sql: TraceRow.insertSQL))
        execution = RowBinder(try db.cachedStatement(sql: ExecutionRow.insertSQL))
    }

    /// Writes the trace row.
    /// - Throws: What ends the batch; the writer counts its rows as lost.
    public mutating func insertTrace() throws { count(try trace.insert()) }

    /// Writes the row of work for another peer.
    /// - Throws: What ends the batch; the writer counts its rows as lost.
    public mutating func insertExecution() throws { count(try execution.insert()) }

    private mutating func count(_ isWritten: Bool) {
        if isWritten { written += 1 } else { refused += 1 }
    }
}
