import GRDB

/// What the dashboard's trends, models, usage and tags are made of, out of the counts per hour. Requests are counted, not attempts;
/// times are those of completed requests; buckets are UTC.
extension Shard {
    /// The most rows of one answer; beyond them the oldest go.
    public static let countLimit = 10_000

    /// Requests by what they have in common, newest bucket first; at most ``countLimit`` rows.
    /// - Parameter grouping: What tells them apart.
    /// - Parameter since: Seconds since 1970, the first moment that counts.
    /// - Parameter until: Seconds since 1970, the first moment that does not.
    public func counts(
        by grouping: CountGrouping, since: Double, until: Double = .greatestFiniteMagnitude
    ) async throws(ShardError) -> [Counted] {
        guard grouping.isPossible else { throw .query("requests are not counted by these facts together") }
        let sql = grouping.sql
        let span = CountedSpan(since: since, until: until)
        return try await read { db in
            let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: span.argumentsWithDays)
            var counted: [Counted] = []
            // Without any request, and with nothing that tells requests apart, SQLite answers one row of nothing.
            while let row = try rows.next() { if !row.hasNull(atIndex: 4) { counted.append(Counted(row)) } }
            return counted
        }
    }

    /// Requests per hour, oldest first.
    /// - Parameter since: Seconds since 1970, the first moment that counts.
    /// - Parameter until: Seconds since 1970, the first moment that does not.
    public func trends(since: Double, until: Double = .greatestFiniteMagnitude) async throws(ShardError) -> [TrendHour] {
        TrendHour.all(try await counts(by: .hour, since: since, until: until))
    }

    /// Requests per model and day, oldest day first. Parameters as for ``trends(since:until:)``.
    public func modelDays(since: Double, until: Double = .greatestFiniteMagnitude) async throws(ShardError) -> [ModelDay] {
        ModelDay.all(try await counts(by: [.day, .model], since: since, until: until))
    }

    /// Requests per model, most used first. Parameters as for ``trends(since:until:)``.
    public func modelSummaries(since: Double, until: Double = .greatestFiniteMagnitude) async throws(ShardError) -> [ModelSummary]
    {
        ModelSummary.all(try await counts(by: .model, since: since, until: until))
    }

    /// Requests per node, model and day, newest day first. Parameters as for ``trends(since:until:)``.
    public func usage(since: Double, until: Double = .greatestFiniteMagnitude) async throws(ShardError) -> [UsageDay] {
        UsageDay.all(try await counts(by: [.day, .node, .model], since: since, until: until))
    }

    /// Requests per tag, most used first. Parameters as for ``trends(since:until:)``.
    public func tagUsage(since: Double, until: Double = .greatestFiniteMagnitude) async throws(ShardError) -> [TagUsage] {
        TagUsage.all(try await counts(by: .tag, since: since, until: until))
    }

    /// Requests per tag and day, oldest day first. Parameters as for ``trends(since:until:)``.
    public func tagDays(since: Double, until: Double = .greatestFiniteMagnitude) async throws(ShardError) -> [TagDay] {
        TagDay.all(try await counts(by: [.day, .tag], since: since, until: until))
    }
}

extension CountGrouping {
    /// Key columns in the order of ``Counted/Key``, then what is counted.
    fileprivate var sql: String {
        let bucket = contains(.day) ? "CAST(hour / 86400 AS INTEGER) * 86400" : contains(.hour) ? "hour" : "NULL"
        let columns = [
            bucket, contains(.node) ? "node_id" : "NULL", contains(.model) ? "model" : "NULL", contains(.tag) ? "tag" : "NULL",
        ]
        let keys = (1...4).filter { columns[$0 - 1] != "NULL" }.map(String.init)
        let query = """
            SELECT \(columns.joined(separator: ", ")), \(Self.sums) FROM counted
            \(keys.isEmpty ? "" : "GROUP BY \(keys.joined(separator: ", ")) ORDER BY 1 DESC") LIMIT \(Shard.countLimit)
            """
        return CountedSpan.counted(by: self, query)
    }

    private static func sum(_ column: String, when condition: String) -> String {
        "sum(CASE WHEN \(condition) THEN \(column) ELSE 0 END)"
    }

    private static let sums: String = {
        let request = "status <> 'retried'"
        let completed = "status = 'completed'"
        return [
            sum("requests", when: request), sum("requests", when: completed),
            sum("requests", when: "status IN ('failed', 'incomplete', 'no_output', 'rejected')"),
            sum("requests", when: "status = 'retried'"), sum("fallbacks", when: request), sum("prompt_tokens", when: request),
            sum("completion_tokens", when: request), sum("timed", when: completed), sum("latency_sum", when: completed),
            "min(CASE WHEN \(completed) THEN latency_min END)", "max(CASE WHEN \(completed) THEN latency_max END)",
            sum("first_tokens", when: completed), sum("first_token_sum", when: completed),
            "min(CASE WHEN \(request) THEN first_seen END)", "max(CASE WHEN \(request) THEN last_seen END)",
        ].joined(separator: ", ")
    }()
}

extension Counted {
    /// A row of the query above.
    fileprivate init(_ row: Row) {
        self.init(key: Key(bucket: row[0], node: row[1], model: row[2], tag: row[3]))
        requests = row[4]
        completed = row[5]
        failed = row[6]
        retried = row[7]
        fallbacks = row[8]
        promptTokens = row[9]
        completionTokens = row[10]
        timed = row[11]
        latencySum = row[12]
        latencyMinimum = row[13]
        latencyMaximum = row[14]
        firstTokens = row[15]
        firstTokenSum = row[16]
        firstSeen = row[17]
        lastSeen = row[18]
    }
}
