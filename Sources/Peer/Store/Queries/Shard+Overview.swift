import GRDB

extension Shard {
    /// Totals over everything that is still stored.
    public func overview() async throws(ShardError) -> Overview {
        try await read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT count(*) AS total_requests,
                           coalesce(sum(prompt_tokens), 0) AS total_prompt_tokens,
                           coalesce(sum(completion_tokens), 0) AS total_completion_tokens,
                           coalesce(sum(prompt_tokens), 0) + coalesce(sum(completion_tokens), 0) AS total_tokens,
                           count(DISTINCT model) AS models_count
                    FROM request_traces WHERE status <> 'retried'
                    """)
            return Overview(
                totalRequests: row?[0] ?? 0, totalPromptTokens: row?[1] ?? 0, totalCompletionTokens: row?[2] ?? 0,
                totalTokens: row?[3] ?? 0, modelsCount: row?[4] ?? 0)
        }
    }

    /// How many requests ended how since a time: status and count, sorted by status.
    /// - Parameter since: Seconds since 1970.
    public func statusCounts(since: Double = 0) async throws(ShardError) -> [StatusCount] {
        try await read { db in
            try Row.fetchAll(
                db, sql: "SELECT status, count(*) FROM request_traces WHERE timestamp >= ? GROUP BY status ORDER BY status",
                arguments: [since]
            ).map { StatusCount(status: $0[0], count: $0[1]) }
        }
    }
}
