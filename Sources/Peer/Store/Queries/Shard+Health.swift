import GRDB

extension Shard {
    /// Requests by node, model and status, at most 10,000 rows; out of the counts per hour.
    /// - Parameter since: Seconds since 1970.
    public func pairCounts(since: Double) async throws(ShardError) -> [PairCount] {
        let sql = CountedSpan.hours(
            """
            SELECT node_id, model, status, sum(requests), sum(first_tokens), sum(first_token_sum), sum(fallbacks)
            FROM counted GROUP BY node_id, model, status ORDER BY node_id, model, status LIMIT 10000
            """)
        let span = CountedSpan(since: since, until: .greatestFiniteMagnitude)
        return try await read { db in
            try Row.fetchAll(db, sql: sql, arguments: span.arguments).map { row in
                PairCount(
                    nodeID: row[0], model: row[1], status: row[2], requests: row[3], firstTokens: row[4],
                    firstTokenMilliseconds: row[5], fallbacks: row[6])
            }
        }
    }

    /// Lets `add` see the newest rows one by one, without keeping them.
    /// - Parameter since: Seconds since 1970.
    /// - Parameter limit: The most rows that are read.
    public func fold<Result: Sendable>(
        since: Double, limit: Int, into result: Result, _ add: @escaping @Sendable (inout Result, TraceOutline) -> Void
    ) async throws(ShardError) -> Result {
        try await read { db in
            var result = result
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT node_id, model, original_model, status, original_format, latency_ms, time_to_first_token_ms,
                        prompt_tokens, completion_tokens, fallback_used, rewrites, timestamp
                    FROM request_traces WHERE timestamp >= ? ORDER BY timestamp DESC LIMIT ?
                    """, arguments: [since, limit])
            while let row = try rows.next() {
                add(
                    &result,
                    TraceOutline(
                        nodeID: row[0], model: row[1], originalModel: row[2], status: row[3], originalFormat: row[4] ?? "",
                        latencyMilliseconds: row[5], timeToFirstTokenMilliseconds: row[6], promptTokens: row[7],
                        completionTokens: row[8], fallbackUsed: row[9] ?? false, rewrites: row[10] ?? "", timestamp: row[11]))
            }
            return result
        }
    }

    /// The file at ``path`` is the one that is written to: nobody deleted or replaced it. One that is gone is made anew with the
    /// next rows.
    public var isFileInPlace: Bool { pools.isFileInPlace }
}
