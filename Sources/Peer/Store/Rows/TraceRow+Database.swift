import GRDB

extension TraceRow: StoredRow {
    static let tableName = "request_traces"

    /// The hot insert; the statement is cached by the connection.
    static let insertSQL: String = {
        let columns = CodingKeys.allCases.filter { $0 != .id }.map(\.rawValue)
        return "INSERT INTO request_traces (\(columns.joined(separator: ", "))) "
            + "VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))"
    }()

    /// The columns of a query; rows of other programs may lack the two counts.
    static let selection = CodingKeys.allCases.map(\.rawValue).map { name in
        name == "retry_count" || name == "fallback_used" ? "coalesce(\(name), 0) AS \(name)" : name
    }.joined(separator: ", ")

    /// The values in the order of ``insertSQL``.
    var insertArguments: StatementArguments {
        [
            requestID, model, originalModel, nodeID, score, scoresBreakdown, status, latencyMilliseconds,
            timeToFirstTokenMilliseconds, promptTokens, completionTokens, retryCount, fallbackUsed, excludedNodes, clientIP,
            originalFormat, errorMessage, timestamp, tags, finishReason, estimatedTokens, attempt, backend, hop,
            ticketWaitMilliseconds, routerID, routerEpoch, routerMode, candidates, tries, clockMilliseconds, rewrites,
        ]
    }

    /// What the routing learns from: a finished request with a known time.
    var latencyObservation: LatencyObservation? {
        guard status == "completed", let latencyMilliseconds, !nodeID.isEmpty else { return nil }
        return LatencyObservation(
            nodeID: nodeID, modelName: model, latencyMilliseconds: latencyMilliseconds, promptTokens: promptTokens,
            completionTokens: completionTokens, timestamp: timestamp)
    }
}
