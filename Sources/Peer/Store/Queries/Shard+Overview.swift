import GRDB

extension Shard {
    /// Totals over all time that is still counted.
    public func overview() async throws(ShardError) -> Overview {
        let sql = CountedSpan.hours(
            """
            SELECT coalesce(sum(requests), 0) AS total_requests, coalesce(sum(prompt_tokens), 0) AS total_prompt_tokens,
                   coalesce(sum(completion_tokens), 0) AS total_completion_tokens,
                   coalesce(sum(prompt_tokens) + sum(completion_tokens), 0) AS total_tokens, count(DISTINCT model) AS models_count
            FROM counted WHERE status <> 'retried'
            """)
        let span = CountedSpan(since: -.greatestFiniteMagnitude, until: .greatestFiniteMagnitude)
        return try await read { db in
            let row = try Row.fetchOne(db, sql: sql, arguments: span.arguments)
            return Overview(
                totalRequests: row?[0] ?? 0, totalPromptTokens: row?[1] ?? 0, totalCompletionTokens: row?[2] ?? 0,
                totalTokens: row?[3] ?? 0, modelsCount: row?[4] ?? 0)
        }
    }

    /// How many requests ended how since a time: status and count, sorted by status.
    /// - Parameter since: Seconds since 1970.
    public func statusCounts(since: Double = 0) async throws(ShardError) -> [StatusCount] {
        let sql = CountedSpan.hours("SELECT status, sum(requests) FROM counted GROUP BY status ORDER BY status")
        let span = CountedSpan(since: since, until: .greatestFiniteMagnitude)
        return try await read { db in
            try Row.fetchAll(db, sql: sql, arguments: span.arguments).map { StatusCount(status: $0[0], count: $0[1]) }
        }
    }
}
