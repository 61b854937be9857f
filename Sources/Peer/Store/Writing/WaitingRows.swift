/// Rows that were appended one by one.
struct WaitingRows: RowBatch {
    /// A row for one of the tables.
    enum Row: Sendable {
        case trace(TraceRow)
        case execution(ExecutionRow)
    }

    var rows: [Row] = []

    var count: Int { rows.count }

    func write(_ range: Range<Int>, into inserts: inout RowInserts) throws {
        for row in rows[range] {
            switch row {
            case .trace(let row):
                row.bind(to: &inserts.trace)
                try inserts.insertTrace()
            case .execution(let row):
                row.bind(to: &inserts.execution)
                try inserts.insertExecution()
            }
        }
    }
}
