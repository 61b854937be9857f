import GRDB

extension ExecutionRow: StoredRow {
    static let tableName = "executions"

    /// The insert; the statement is cached by the connection.
    static let insertSQL: String = {
        let columns = CodingKeys.allCases.filter { $0 != .id }.map(\.rawValue)
        return "INSERT INTO executions (\(columns.joined(separator: ", "))) "
            + "VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))"
    }()

    /// The values in the order of ``insertSQL``.
    var insertArguments: StatementArguments {
        [
            requestID, attempt, entryNodeID, model, backend, verdict, reason, inFlight, queueDepth, slots, loadMilliseconds,
            backendMilliseconds, status, promptTokens, completionTokens, routerEpoch, clockMilliseconds, timestamp,
        ]
    }
}
