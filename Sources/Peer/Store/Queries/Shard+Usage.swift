import GRDB

/// What the dashboard's trends, models, usage and tags are made of. Requests are counted, not attempts;
/// times are those of completed requests; buckets are UTC. Each answer has at most 10,000 rows.
extension Shard {
    private static let sums = """
        coalesce(sum(prompt_tokens), 0) AS total_prompt_tokens, coalesce(sum(completion_tokens), 0) AS total_completion_tokens
        """
    private static let latency = "avg(CASE WHEN status = 'completed' THEN latency_ms END) AS avg_latency_ms"
    private static let firstToken = "avg(CASE WHEN status = 'completed' THEN time_to_first_token_ms END) AS avg_ttft_ms"
    private static let outcomes = """
        coalesce(sum(status = 'completed'), 0) AS completed_count,
        coalesce(sum(status IN ('failed', 'incomplete', 'no_output', 'rejected')), 0) AS failed_count
        """
    private static let span = "timestamp >= ? AND timestamp < ?"
    private static let limit = "LIMIT 10000"

    /// Requests per hour, oldest first.
    /// - Parameter since: Seconds since 1970, the first moment that counts.
    /// - Parameter until: Seconds since 1970, the first moment that does not.
    public func trends(since: Double, until: Double = .greatestFiniteMagnitude) async throws(ShardError) -> [TrendHour] {
        try await values(
            """
            SELECT CAST(timestamp / 3600 AS INTEGER) * 3600 AS hour_bucket, count(*) AS request_count, \(Self.latency), \(Self.sums)
            FROM request_traces WHERE status <> 'retried' AND \(Self.span)
            GROUP BY hour_bucket ORDER BY hour_bucket \(Self.limit)
            """, [since, until])
    }

    /// Requests per model and day, oldest day first. Parameters as for ``trends(since:until:)``.
    public func modelDays(since: Double, until: Double = .greatestFiniteMagnitude) async throws(ShardError) -> [ModelDay] {
        try await values(
            """
            SELECT model AS model_name, CAST(timestamp / 86400 AS INTEGER) * 86400 AS day_bucket, count(*) AS request_count,
                   \(Self.latency), \(Self.sums)
            FROM request_traces WHERE status <> 'retried' AND \(Self.span)
            GROUP BY model, day_bucket ORDER BY day_bucket, model \(Self.limit)
            """, [since, until])
    }

    /// Requests per model, most used first. Parameters as for ``trends(since:until:)``.
    public func modelSummaries(since: Double, until: Double = .greatestFiniteMagnitude) async throws(ShardError) -> [ModelSummary]
    {
        try await values(
            """
            SELECT model AS model_name, count(*) AS total_requests, \(Self.latency),
                   min(CASE WHEN status = 'completed' THEN latency_ms END) AS min_latency_ms,
                   max(CASE WHEN status = 'completed' THEN latency_ms END) AS max_latency_ms, \(Self.sums),
                   min(timestamp) AS first_seen, max(timestamp) AS last_seen
            FROM request_traces WHERE status <> 'retried' AND \(Self.span)
            GROUP BY model ORDER BY total_requests DESC, model \(Self.limit)
            """, [since, until])
    }

    /// Requests per node, model and day, newest day first. Parameters as for ``trends(since:until:)``.
    public func usage(since: Double, until: Double = .greatestFiniteMagnitude) async throws(ShardError) -> [UsageDay] {
        try await values(
            """
            SELECT node_id, model, CAST(timestamp / 86400 AS INTEGER) * 86400 AS day_bucket,
                   coalesce(sum(status <> 'retried'), 0) AS request_count, \(Self.outcomes), \(Self.latency), \(Self.firstToken),
                   \(Self.sums), coalesce(sum(status = 'retried'), 0) AS total_retries,
                   coalesce(sum(status <> 'retried' AND fallback_used), 0) AS total_fallbacks
            FROM request_traces WHERE \(Self.span)
            GROUP BY node_id, model, day_bucket ORDER BY day_bucket DESC, node_id, model \(Self.limit)
            """, [since, until])
    }

    /// Requests per tag, most used first. Parameters as for ``trends(since:until:)``.
    public func tagUsage(since: Double, until: Double = .greatestFiniteMagnitude) async throws(ShardError) -> [TagUsage] {
        try await values(
            """
            SELECT tag.value AS tag, count(*) AS request_count, \(Self.outcomes), \(Self.latency), \(Self.firstToken), \(Self.sums),
                   min(timestamp) AS first_seen, max(timestamp) AS last_seen
            FROM (\(Self.tagged)) AS t, json_each(t.tags) AS tag WHERE tag.type = 'text'
            GROUP BY tag.value ORDER BY request_count DESC, tag \(Self.limit)
            """, [since, until])
    }

    /// Requests per tag and day, oldest day first. Parameters as for ``trends(since:until:)``.
    public func tagDays(since: Double, until: Double = .greatestFiniteMagnitude) async throws(ShardError) -> [TagDay] {
        try await values(
            """
            SELECT tag.value AS tag, CAST(timestamp / 86400 AS INTEGER) * 86400 AS day_bucket, count(*) AS request_count,
                   \(Self.latency), coalesce(sum(prompt_tokens), 0) + coalesce(sum(completion_tokens), 0) AS total_tokens
            FROM (\(Self.tagged)) AS t, json_each(t.tags) AS tag WHERE tag.type = 'text'
            GROUP BY tag.value, day_bucket ORDER BY day_bucket, tag.value \(Self.limit)
            """, [since, until])
    }

    /// Rows with readable tags: json_each would fail the whole query at a damaged text.
    private static let tagged = """
        SELECT status, latency_ms, time_to_first_token_ms, prompt_tokens, completion_tokens, timestamp,
               CASE WHEN json_valid(tags) THEN tags ELSE '[]' END AS tags
        FROM request_traces WHERE tags IS NOT NULL AND status <> 'retried' AND \(span)
        """

    private func values<Value: Decodable & Sendable>(_ sql: String, _ arguments: [Double]) async throws(ShardError) -> [Value] {
        try await read { db in try Fetched<Value>.values(db, sql: sql, arguments: StatementArguments(arguments)) }
    }
}
