import GRDB

/// What the dashboard's trends, models, usage and tags are made of, out of the counts per hour. Requests are counted, not attempts;
/// times are those of completed requests; buckets are UTC. Each answer has at most 10,000 rows.
extension Shard {
    private static let sums = "sum(prompt_tokens) AS total_prompt_tokens, sum(completion_tokens) AS total_completion_tokens"
    private static let latency = "\(mean("latency_sum", of: "timed")) AS avg_latency_ms"
    private static let firstToken = "\(mean("first_token_sum", of: "first_tokens")) AS avg_ttft_ms"
    private static let outcomes = """
        sum(CASE WHEN status = 'completed' THEN requests ELSE 0 END) AS completed_count,
        sum(CASE WHEN status IN ('failed', 'incomplete', 'no_output', 'rejected') THEN requests ELSE 0 END) AS failed_count
        """
    private static let day = "CAST(hour / 86400 AS INTEGER) * 86400 AS day_bucket"
    private static let seen = "min(first_seen) AS first_seen, max(last_seen) AS last_seen"
    private static let limit = "LIMIT 10000"

    /// NULL where nothing has a time.
    private static func mean(_ sum: String, of count: String) -> String {
        "sum(CASE WHEN status = 'completed' THEN \(sum) END) / sum(CASE WHEN status = 'completed' THEN \(count) END)"
    }

    /// Requests per hour, oldest first.
    /// - Parameter since: Seconds since 1970, the first moment that counts.
    /// - Parameter until: Seconds since 1970, the first moment that does not.
    public func trends(since: Double, until: Double = .greatestFiniteMagnitude) async throws(ShardError) -> [TrendHour] {
        try await values(
            CountedSpan.hours(
                """
                SELECT hour AS hour_bucket, sum(requests) AS request_count, \(Self.latency), \(Self.sums)
                FROM counted WHERE status <> 'retried' GROUP BY hour ORDER BY hour \(Self.limit)
                """), since, until)
    }

    /// Requests per model and day, oldest day first. Parameters as for ``trends(since:until:)``.
    public func modelDays(since: Double, until: Double = .greatestFiniteMagnitude) async throws(ShardError) -> [ModelDay] {
        try await values(
            CountedSpan.hours(
                """
                SELECT model AS model_name, \(Self.day), sum(requests) AS request_count, \(Self.latency), \(Self.sums)
                FROM counted WHERE status <> 'retried' GROUP BY model, day_bucket ORDER BY day_bucket, model \(Self.limit)
                """), since, until)
    }

    /// Requests per model, most used first. Parameters as for ``trends(since:until:)``.
    public func modelSummaries(since: Double, until: Double = .greatestFiniteMagnitude) async throws(ShardError) -> [ModelSummary]
    {
        try await values(
            CountedSpan.hours(
                """
                SELECT model AS model_name, sum(requests) AS total_requests, \(Self.latency),
                       min(CASE WHEN status = 'completed' THEN latency_min END) AS min_latency_ms,
                       max(CASE WHEN status = 'completed' THEN latency_max END) AS max_latency_ms, \(Self.sums), \(Self.seen)
                FROM counted WHERE status <> 'retried' GROUP BY model ORDER BY total_requests DESC, model \(Self.limit)
                """), since, until)
    }

    /// Requests per node, model and day, newest day first. Parameters as for ``trends(since:until:)``.
    public func usage(since: Double, until: Double = .greatestFiniteMagnitude) async throws(ShardError) -> [UsageDay] {
        try await values(
            CountedSpan.hours(
                """
                SELECT node_id, model, \(Self.day), sum(CASE WHEN status <> 'retried' THEN requests ELSE 0 END) AS request_count,
                       \(Self.outcomes), \(Self.latency), \(Self.firstToken), \(Self.sums),
                       sum(CASE WHEN status = 'retried' THEN requests ELSE 0 END) AS total_retries,
                       sum(CASE WHEN status <> 'retried' THEN fallbacks ELSE 0 END) AS total_fallbacks
                FROM counted GROUP BY node_id, model, day_bucket ORDER BY day_bucket DESC, node_id, model \(Self.limit)
                """), since, until)
    }

    /// Requests per tag, most used first. Parameters as for ``trends(since:until:)``.
    public func tagUsage(since: Double, until: Double = .greatestFiniteMagnitude) async throws(ShardError) -> [TagUsage] {
        try await values(
            CountedSpan.tags(
                """
                SELECT tag, sum(requests) AS request_count, \(Self.outcomes), \(Self.latency), \(Self.firstToken), \(Self.sums),
                       \(Self.seen)
                FROM counted GROUP BY tag ORDER BY request_count DESC, tag \(Self.limit)
                """), since, until)
    }

    /// Requests per tag and day, oldest day first. Parameters as for ``trends(since:until:)``.
    public func tagDays(since: Double, until: Double = .greatestFiniteMagnitude) async throws(ShardError) -> [TagDay] {
        try await values(
            CountedSpan.tags(
                """
                SELECT tag, \(Self.day), sum(requests) AS request_count, \(Self.latency),
                       sum(prompt_tokens) + sum(completion_tokens) AS total_tokens
                FROM counted GROUP BY tag, day_bucket ORDER BY day_bucket, tag \(Self.limit)
                """), since, until)
    }

    private func values<Value: Decodable & Sendable>(
        _ sql: String, _ since: Double, _ until: Double
    ) async throws(ShardError) -> [Value] {
        let span = CountedSpan(since: since, until: until)
        return try await read { db in try Fetched<Value>.values(db, sql: sql, arguments: span.arguments) }
    }
}
