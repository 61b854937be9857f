import GRDB

extension TraceRow: StoredRow {
    static let tableName = "request_traces"

    /// The insert of one row and of several; the values are in the order of ``TraceColumn``.
    static let insertSQL = inserts(1)
    static let insertManySQL = inserts(RowValues.rowsTogether)

    private static func inserts(_ rows: Int) -> String {
        let columns = CodingKeys.allCases.filter { $0 != .id }.map(\.rawValue)
        return RowBinder<TraceColumn>.insertSQL(tableName, columns, rows: rows)
    }

    /// The columns of a query; rows of other programs may lack the two counts.
    static let selection = CodingKeys.allCases.map(\.rawValue).map { name in
        name == "retry_count" || name == "fallback_used" ? "coalesce(\(name), 0) AS \(name)" : name
    }.joined(separator: ", ")

    /// Puts the values into the insert. A row of this program always has the number of its attempt:
    /// `latency_observations` tells its rows from those of other programs by it.
    func bind(to row: inout RowBinder<TraceColumn>) {
        row.set(.requestID, requestID)
        row.set(.model, model)
        row.set(.originalModel, originalModel)
        row.set(.nodeID, nodeID)
        row.set(.score, score)
        row.set(.scoresBreakdown, scoresBreakdown)
        row.set(.status, status)
        row.set(.latencyMilliseconds, latencyMilliseconds)
        row.set(.timeToFirstTokenMilliseconds, timeToFirstTokenMilliseconds)
        row.set(.promptTokens, promptTokens)
        row.set(.completionTokens, completionTokens)
        row.set(.retryCount, retryCount)
        row.set(.fallbackUsed, fallbackUsed)
        row.set(.excludedNodes, excludedNodes)
        row.set(.clientIP, clientIP)
        row.set(.originalFormat, originalFormat)
        row.set(.errorMessage, errorMessage)
        row.set(.timestamp, timestamp)
        row.set(.tags, tags)
        row.set(.finishReason, finishReason)
        row.set(.estimatedTokens, estimatedTokens)
        row.set(.attempt, attempt ?? 1)
        row.set(.backend, backend)
        row.set(.hop, hop)
        row.set(.ticketWaitMilliseconds, ticketWaitMilliseconds)
        row.set(.routerID, routerID)
        row.set(.routerEpoch, routerEpoch)
        row.set(.routerMode, routerMode)
        row.set(.candidates, candidates)
        row.set(.tries, tries)
        row.set(.clockMilliseconds, clockMilliseconds)
        row.set(.rewrites, rewrites)
        row.set(.eliminated, eliminated)
    }
}
