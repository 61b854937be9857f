import GRDB

extension ExecutionRow: StoredRow {
    static let tableName = "executions"

    /// The insert of one row and of several; the values are in the order of ``ExecutionColumn``.
    static let insertSQL = inserts(1)
    static let insertManySQL = inserts(RowValues.rowsTogether)

    private static func inserts(_ rows: Int) -> String {
        let columns = CodingKeys.allCases.filter { $0 != .id }.map(\.rawValue)
        return RowBinder<ExecutionColumn>.insertSQL(tableName, columns, rows: rows)
    }

    /// Puts the values into the insert.
    func bind(to row: inout RowBinder<ExecutionColumn>) {
        row.set(.requestID, requestID)
        row.set(.attempt, attempt)
        row.set(.entryNodeID, entryNodeID)
        row.set(.model, model)
        row.set(.backend, backend)
        row.set(.verdict, verdict)
        row.set(.reason, reason)
        row.set(.inFlight, inFlight)
        row.set(.queueDepth, queueDepth)
        row.set(.slots, slots)
        row.set(.loadMilliseconds, loadMilliseconds)
        row.set(.backendMilliseconds, backendMilliseconds)
        row.set(.status, status)
        row.set(.promptTokens, promptTokens)
        row.set(.completionTokens, completionTokens)
        row.set(.routerEpoch, routerEpoch)
        row.set(.clockMilliseconds, clockMilliseconds)
        row.set(.timestamp, timestamp)
    }
}
