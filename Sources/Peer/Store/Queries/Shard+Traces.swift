import GRDB

extension Shard {
    /// The most rows that one query returns.
    public static let pageLimit = 1000

    /// Trace rows, newest first.
    /// - Parameter limit: 1 to ``pageLimit``; values outside are moved inside.
    /// - Parameter offset: Rows to skip.
    /// - Parameter filter: Which rows.
    public func traces(
        limit: Int = 50, offset: Int = 0, filter: TraceFilter = TraceFilter()
    ) async throws(ShardError) -> [TraceRow] {
        let (condition, arguments) = filter.sql
        let bounded = arguments + [min(max(limit, 1), Self.pageLimit), max(offset, 0)]
        return try await read { db in
            try Stored<TraceRow>.values(
                db, sql: "SELECT \(TraceRow.selection) FROM request_traces \(condition) ORDER BY id DESC LIMIT ? OFFSET ?",
                arguments: StatementArguments(bounded))
        }
    }

    /// How many trace rows match.
    public func traceCount(filter: TraceFilter = TraceFilter()) async throws(ShardError) -> Int {
        let (condition, arguments) = filter.sql
        return try await read { db in
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM request_traces \(condition)", arguments: StatementArguments(arguments)) ?? 0
        }
    }

    /// All attempts of one request that entered here, first to last, at most ``pageLimit``.
    public func attempts(ofRequest requestID: String) async throws(ShardError) -> [TraceRow] {
        try await read { db in
            try Stored<TraceRow>.values(
                db, sql: "SELECT \(TraceRow.selection) FROM request_traces WHERE request_id = ? ORDER BY id LIMIT ?",
                arguments: [requestID, Self.pageLimit])
        }
    }

    /// What this peer ran for one request, first to last, at most ``pageLimit``.
    public func executions(ofRequest requestID: String) async throws(ShardError) -> [ExecutionRow] {
        try await read { db in
            try Stored<ExecutionRow>.values(
                db, sql: "SELECT * FROM executions WHERE request_id = ? ORDER BY id LIMIT ?",
                arguments: [requestID, Self.pageLimit])
        }
    }
}

extension TraceFilter {
    /// The WHERE clause and its values.
    var sql: (condition: String, arguments: [(any DatabaseValueConvertible & Sendable)?]) {
        var parts: [String] = []
        var arguments: [(any DatabaseValueConvertible & Sendable)?] = []
        func add(_ part: String, _ value: (any DatabaseValueConvertible & Sendable)?) {
            guard let value else { return }
            parts.append(part)
            arguments.append(value)
        }
        add("request_id = ?", requestID)
        add("model = ?", model)
        add("node_id = ?", nodeID)
        add("status = ?", status)
        // Tags written by other programs may be damaged; json_each would fail the whole query.
        add("json_valid(tags) AND EXISTS (SELECT 1 FROM json_each(request_traces.tags) WHERE value = ?)", tag)
        add("client_ip = ?", clientIP)
        add("timestamp >= ?", since)
        add("timestamp < ?", until)
        add("id < ?", beforeID)
        return (parts.isEmpty ? "" : "WHERE " + parts.joined(separator: " AND "), arguments)
    }
}
