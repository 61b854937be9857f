import GRDB
import Testing

@testable import Store

/// The counts per hour must say what the traces themselves say.
@Suite struct CountTests {
    private static let start = 1_700_006_400.0

    /// Rows over ten hours; every node, model, status and tag in many combinations.
    private func rows(_ numbers: Range<Int>) -> [TraceRow] {
        numbers.map { number in
            var row = sampleRow(
                number, node: ["a", "b", ""][number % 3],
                status: ["completed", "completed", "failed", "retried", "client_disconnected", "no_output"][number % 6],
                timestamp: Self.start + Double((number * 7919) % 36_000) + 0.5)
            row.model = ["m:1", "n:2"][number % 2]
            if number % 7 == 0 { row.latencyMilliseconds = nil }
            if number % 5 == 0 { row.timeToFirstTokenMilliseconds = Double(number % 100) }
            if number % 11 == 0 { row.promptTokens = nil }
            row.fallbackUsed = number % 13 == 0
            row.tags = [nil, #"["x"]"#, #"["x","y",3]"#, "{broken", #"{"k":"v"}"#][number % 5]
            return row
        }
    }

    /// As the answers were read from the traces before they were counted.
    private func fromTraces(_ db: Database, _ since: Double, _ until: Double) throws -> [[String]] {
        let span = "timestamp >= ? AND timestamp < ?"
        return try [
            """
            SELECT CAST(timestamp / 3600 AS INTEGER) * 3600 AS h, count(*), sum(status = 'completed' AND latency_ms IS NOT NULL),
                round(avg(CASE WHEN status = 'completed' THEN latency_ms END), 6), coalesce(sum(prompt_tokens), 0)
            FROM request_traces WHERE status <> 'retried' AND \(span) GROUP BY h ORDER BY h
            """,
            """
            SELECT node_id, model, sum(status <> 'retried'), sum(status = 'completed'),
                round(avg(CASE WHEN status = 'completed' THEN time_to_first_token_ms END), 6), sum(status = 'retried'),
                sum(status <> 'retried' AND fallback_used)
            FROM request_traces WHERE \(span) GROUP BY node_id, model ORDER BY node_id, model
            """,
            """
            SELECT tag.value, count(*), sum(status = 'completed'), coalesce(sum(completion_tokens), 0), min(timestamp),
                max(timestamp)
            FROM request_traces AS t, json_each(CASE WHEN json_valid(t.tags) THEN t.tags ELSE '[]' END) AS tag
            WHERE t.tags IS NOT NULL AND status <> 'retried' AND tag.type = 'text' AND \(span) GROUP BY 1 ORDER BY 1
            """,
        ].map { sql in try Row.fetchAll(db, sql: sql, arguments: [since, until]).map { "\(Array($0.databaseValues))" } }
    }

    /// The same out of the counts.
    private func fromCounts(_ db: Database, _ since: Double, _ until: Double) throws -> [[String]] {
        let timed = "sum(CASE WHEN status = 'completed' THEN timed ELSE 0 END)"
        return try [
            CountedSpan.hours(
                """
                SELECT hour, sum(requests), \(timed),
                    round(sum(CASE WHEN status = 'completed' THEN latency_sum END) / \(timed), 6), sum(prompt_tokens)
                FROM counted WHERE status <> 'retried' GROUP BY hour ORDER BY hour
                """),
            CountedSpan.hours(
                """
                SELECT node_id, model, sum((status <> 'retried') * requests), sum((status = 'completed') * requests),
                    round(sum(CASE WHEN status = 'completed' THEN first_token_sum END)
                        / sum(CASE WHEN status = 'completed' THEN first_tokens END), 6),
                    sum((status = 'retried') * requests), sum((status <> 'retried') * fallbacks)
                FROM counted GROUP BY node_id, model ORDER BY node_id, model
                """),
            CountedSpan.tags(
                """
                SELECT tag, sum(requests), sum((status = 'completed') * requests), sum(completion_tokens), min(first_seen),
                    max(last_seen)
                FROM counted GROUP BY tag ORDER BY tag
                """),
        ].map { sql in
            let span = CountedSpan(since: since, until: until)
            return try Row.fetchAll(db, sql: sql, arguments: span.arguments).map { "\(Array($0.databaseValues))" }
        }
    }

    private func expectEqual(_ shard: Shard, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let start = Self.start
        let spans = [
            (0, .greatestFiniteMagnitude), (start, start + 7200), (start + 1800, start + 1900), (start + 1800, start + 12_345),
            (start + 3600, .infinity), (start + 40_000, start + 50_000), (start + 5, start + 3600), (start + 7200, start + 3600),
            (-.greatestFiniteMagnitude, start + 1.5),
        ]
        for (since, until) in spans {
            let (wanted, found) = try await shard.read { db in
                (try fromTraces(db, since, until), try fromCounts(db, since, until))
            }
            #expect(found == wanted, "\(since) to \(until)", sourceLocation: sourceLocation)
        }
    }

    private func covered(_ shard: Shard) async throws -> Int64? {
        try await shard.read { db in try Int64.fetchOne(db, sql: "SELECT \(ShardSchema.covered)") }
    }

    @Test func countsAreWhatTheTracesSay() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        for row in rows(0..<3000) { shard.append(row) }
        await shard.flush()
        #expect(try await covered(shard) == 3000)
        try await expectEqual(shard)
        let hours = try await shard.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM trace_hours") ?? 0 }
        #expect(hours > 10 && hours < 400, "counted together, not one by one")
        await shard.close()
    }

    /// Another program, or an older version, writes rows between those of this one.
    @Test func foreignRowsAreReadAtOnceAndCountedLater() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        for row in rows(0..<500) { shard.append(row) }
        await shard.flush()
        try await shard.write { db in
            try db.execute(
                sql: """
                    INSERT INTO request_traces
                        (request_id, model, original_model, node_id, status, timestamp, tags, prompt_tokens, retry_count,
                        fallback_used)
                    SELECT request_id, 'foreign', original_model, node_id, status, timestamp + 60, tags, 7, NULL, NULL
                    FROM request_traces
                    """)
        }
        #expect(try await covered(shard) == 500)
        #expect(try await shard.modelSummaries(since: 0).contains { $0.modelName == "foreign" })
        for row in rows(500..<900) { shard.append(row) }
        await shard.flush()
        #expect(try await covered(shard) == 1400)
        let counted = try await shard.read { db in
            try Int.fetchOne(db, sql: "SELECT sum(requests) FROM trace_hours WHERE model = 'foreign'")
        }
        #expect(counted == 500)
        #expect(try await shard.overview().totalRequests == 900 * 5 / 6 + 500 - 83)
        await shard.close()
    }

    @Test func anOldFileIsCountedInTheBackground() async throws {
        let directory = try TemporaryDirectory()
        let queue = try DatabaseQueue(path: directory.database)
        try ShardMigrations.migrator().migrate(queue, upTo: "0004-latencies-are-a-view")
        let many = Int(HourCounter.catchUpRows) * 2 + 100
        try await queue.write { db in
            // The rows of this test are of today and have a column that such a file does not.
            try db.execute(sql: "ALTER TABLE request_traces ADD COLUMN eliminated TEXT")
            for row in rows(0..<100) {
                try Stored(row).insert(db)
            }
            try db.execute(
                sql: """
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                    INSERT INTO request_traces (request_id, model, original_model, node_id, status, timestamp, fallback_used)
                    SELECT 'o' || i, 'm', 'm', 'n', 'completed', ? + i, 0 FROM n
                    """, arguments: [many - 100, Self.start])
        }
        try queue.close()
        let shard = try Shard.open(directory: directory.path)
        try await eventually { try await covered(shard) == Int64(many) }
        try await expectEqual(shard)
        for row in rows(0..<50) { shard.append(row) }
        await shard.flush()
        #expect(try await covered(shard) == Int64(many + 50))
        try await expectEqual(shard)
        await shard.close()
    }

    @Test func whatIsLostIsNotCounted() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        try await shard.write { db in try db.execute(sql: "CREATE UNIQUE INDEX rule ON request_traces (request_id)") }
        let doubles = rows(0..<60) + rows(20..<25) + rows(60..<120)
        for row in doubles { shard.append(row) }
        shard.append(sampleRow(7000, timestamp: .nan))
        await shard.flush()
        try await expectEqual(shard)
        for row in rows(120..<140) { shard.append(row) }
        await shard.flush()
        let written = shard.statistics.rowsWritten
        #expect(written < 140 && shard.statistics.rowsDropped > 5)
        try await expectEqual(shard)
        let counted = try await shard.read { db in try Int.fetchOne(db, sql: "SELECT sum(requests) FROM trace_hours") }
        #expect(counted == written)
        await shard.close()
    }

    @Test func countsGoWithTheirHourAndOutliveTheNumberOfTraces() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        for row in rows(0..<1000) { shard.append(row) }
        await shard.flush()
        let before = try await shard.trends(since: 0)
        try await shard.retention(olderThan: 0, maxRows: 10)
        #expect(try await shard.traceCount() == 10)
        #expect(try await shard.trends(since: 0) == before)
        // The second hour is only half too old: it stays counted.
        try await shard.retention(olderThan: Self.start + 5400, maxRows: 10)
        #expect(try await shard.trends(since: 0) == Array(before.dropFirst()))
        try await shard.retention(olderThan: 1e12, maxRows: 0)
        #expect(try await shard.trends(since: 0).isEmpty)
        #expect(try await shard.tagUsage(since: 0).isEmpty)
        for row in rows(1000..<1010) { shard.append(row) }
        await shard.flush()
        #expect(try await shard.statusCounts().reduce(0) { $0 + $1.count } == 10)
        await shard.close()
    }
}
