import GRDB

/// Tokens per node and model: what NOMYO Router's users ask for.
extension Shard {
    private static let sums = """
        coalesce(sum(prompt_tokens), 0) AS total_prompt_tokens, coalesce(sum(completion_tokens), 0) AS total_completion_tokens
        """
    private static let counted = "(prompt_tokens > 0 OR completion_tokens > 0) AND node_id <> ''"

    /// All tokens so far, sorted by node and model; at most 10,000 rows.
    public func tokenTotals() async throws(ShardError) -> [TokenTotal] {
        try await read { db in
            try Fetched<TokenTotal>.values(
                db,
                sql: """
                    SELECT node_id, model, \(Self.sums) FROM request_traces WHERE \(Self.counted)
                    GROUP BY node_id, model ORDER BY node_id, model LIMIT 10000
                    """, arguments: [])
        }
    }

    /// A model's tokens minute by minute, newest first; at most 50,000 rows.
    public func tokenMinutes(model: String) async throws(ShardError) -> [TokenMinute] {
        try await read { db in
            try Fetched<TokenMinute>.values(
                db,
                sql: """
                    SELECT node_id, CAST(timestamp / 60 AS INTEGER) * 60 AS minute_bucket, \(Self.sums)
                    FROM request_traces WHERE model = ? AND \(Self.counted)
                    GROUP BY node_id, minute_bucket ORDER BY minute_bucket DESC, node_id LIMIT 50000
                    """, arguments: [model])
        }
    }

    /// How many days of a model on a node lie before a moment, seconds since 1970.
    public func tokenDays(before: Double) async throws(ShardError) -> Int {
        try await read { db in
            try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM (SELECT 1 FROM request_traces WHERE \(Self.counted) AND timestamp < ?
                    GROUP BY node_id, model, CAST(timestamp / 86400 AS INTEGER))
                    """, arguments: [before]) ?? 0
        }
    }
}
