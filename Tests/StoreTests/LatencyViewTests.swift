import GRDB
import Testing

@testable import Store

/// `latency_observations` is a view: ollama-herd's users query it, older versions insert into it.
@Suite struct LatencyViewTests {
    private func observations(_ shard: Shard) async throws -> [String] {
        try await shard.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM latency_observations ORDER BY id").map { row in
                #expect(
                    Array(row.columnNames) == [
                        "id", "node_id", "model_name", "latency_ms", "tokens_generated", "timestamp", "prompt_tokens",
                        "completion_tokens",
                    ])
                return row.databaseValues.map { "\($0)" }.joined(separator: " ").replacing("\"", with: "")
            }
        }
    }

    @Test func finishedTracesAreObservations() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        shard.append(sampleRow(1))
        shard.append(sampleRow(2, status: "failed"))
        shard.append(sampleRow(3, node: ""))
        var timeless = sampleRow(4)
        timeless.latencyMilliseconds = nil
        shard.append(timeless)
        shard.append(sampleRow(5))
        await shard.flush()
        #expect(
            try await observations(shard) == [
                "1 alpha tiny:latest 1.0 5 1700000001.0 10 5", "5 alpha tiny:latest 5.0 5 1700000005.0 10 5",
            ])
        await shard.close()
    }

    /// A file in which the table was one: its rows stay, its traces are not counted twice, and numbers go on behind them.
    @Test func anOldFileKeepsItsObservations() async throws {
        let directory = try TemporaryDirectory()
        let queue = try DatabaseQueue(path: directory.database)
        try ShardMigrations.migrator().migrate(queue, upTo: "0002-mesh-traces")
        try await queue.write { db in
            try db.execute(
                sql: """
                    INSERT INTO request_traces
                        (id, request_id, model, original_model, node_id, status, latency_ms, timestamp, attempt)
                        VALUES (7, 'a', 'm', 'm', 'n', 'completed', 11, 100, 1);
                    INSERT INTO latency_observations (id, node_id, model_name, latency_ms, tokens_generated, timestamp)
                        VALUES (40, 'n', 'm', 11, 3, 100), (41, 'elsewhere', 'm', 12, NULL, 101);
                    """)
        }
        try queue.close()
        let shard = try Shard.open(directory: directory.path)
        shard.append(sampleRow(5, node: "n"))
        await shard.flush()
        #expect(
            try await observations(shard) == [
                "40 n m 11.0 3 100.0 NULL NULL", "41 elsewhere m 12.0 NULL 101.0 NULL NULL",
                "42 n tiny:latest 5.0 5 1700000005.0 10 5",
            ])
        let history = try await shard.latencyHistory()
        #expect(history.map { "\($0.nodeID) \($0.modelName)" } == ["elsewhere m", "n m", "n tiny:latest"])
        #expect(history.map(\.latenciesMilliseconds) == [[12], [11], [5]])
        // The old ones go by the same rules as the traces.
        #expect(try await shard.retention(olderThan: 101, maxRows: 100) == 2)
        #expect(try await observations(shard).count == 2)
        #expect(try await shard.retention(olderThan: 0, maxRows: 0) == 2)
        #expect(try await observations(shard).isEmpty)
        await shard.close()
    }

    @Test func anOlderVersionStillInsertsAndRemoves() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        shard.append(sampleRow(1))
        await shard.flush()
        try await shard.write { db in
            let insert = """
                INSERT INTO latency_observations
                    (node_id, model_name, latency_ms, tokens_generated, timestamp, prompt_tokens, completion_tokens)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
            // What an older version writes beside its trace is in the trace already.
            try db.execute(sql: insert, arguments: ["alpha", "tiny:latest", 1.0, 5, 1_700_000_001.0, 10, 5])
            // Other programs write no trace of ours.
            try db.execute(sql: insert, arguments: ["mac", "m", 2.5, nil, 3, nil, nil])
            try db.execute(sql: insert, arguments: ["mac", "m", 3.5, 9, 4, 8, 9])
        }
        #expect(
            try await observations(shard) == [
                "-2 mac m 3.5 9 4.0 8 9", "-1 mac m 2.5 NULL 3.0 NULL NULL", "1 alpha tiny:latest 1.0 5 1700000001.0 10 5",
            ])
        #expect(try await shard.latencyHistory().map(\.latenciesMilliseconds) == [[1], [2.5, 3.5]])
        try await shard.write { db in
            try db.execute(
                sql: """
                    DELETE FROM latency_observations
                    WHERE id IN (SELECT id FROM latency_observations WHERE timestamp < 4 LIMIT 500)
                    """)
        }
        #expect(try await observations(shard).count == 2)
        // A row that lacks what it must have is refused as before.
        await #expect(throws: ShardError.self) {
            try await shard.write { db in try db.execute(sql: "INSERT INTO latency_observations (node_id) VALUES ('x')") }
        }
        await shard.close()
    }

    /// The line of the decision record gives the file back to ollama-herd; when it comes here again, nothing is missing.
    @Test func thereAndBackAgain() async throws {
        let directory = try TemporaryDirectory()
        try SchemaTests.makeOllamaHerdFile(directory.database, withLateColumns: true)
        let first = try Shard.open(directory: directory.path)
        first.append(sampleRow(5, node: "mac"))
        await first.close()
        let queue = try DatabaseQueue(path: directory.database)
        try await queue.write { db in
            try db.execute(
                sql: """
                    DROP VIEW latency_observations;
                    ALTER TABLE latency_observations_imported RENAME TO latency_observations;
                    CREATE INDEX IF NOT EXISTS theirs ON latency_observations (model_name, timestamp);
                    INSERT INTO latency_observations (node_id, model_name, latency_ms, timestamp)
                        VALUES ('mac', 'tiny:latest', 14, 2000000000), ('mac', 'tiny:latest', 15, 2000000001),
                            ('mac', 'tiny:latest', 16, 2000000002), ('mac', 'tiny:latest', 17, 2000000003);
                    """)
        }
        try queue.close()
        let second = try Shard.open(directory: directory.path)
        second.append(sampleRow(6, node: "mac"))
        await second.flush()
        #expect(try await second.latencyHistory().map(\.latenciesMilliseconds) == [[12.5, 5, 6, 14, 15, 16, 17]])
        let numbers = try await second.read { db in try Int64.fetchAll(db, sql: "SELECT id FROM latency_observations") }
        #expect(Set(numbers).count == 7)
        #expect(try await second.retention(olderThan: 2_000_000_001, maxRows: 100) == 6)
        await second.close()
    }

    /// ollama-herd writes a trace and an observation of its own for each request.
    @Test func tracesOfOtherProgramsAreNotObservedTwice() async throws {
        let directory = try TemporaryDirectory()
        try SchemaTests.makeOllamaHerdFile(directory.database, withLateColumns: true)
        let shard = try Shard.open(directory: directory.path)
        try await shard.write { db in
            try db.execute(
                sql: """
                    INSERT INTO request_traces (request_id, model, original_model, node_id, status, latency_ms, timestamp)
                        VALUES ('new', 'tiny:latest', 'tiny', 'mac', 'completed', 13, 20);
                    INSERT INTO latency_observations (node_id, model_name, latency_ms, timestamp)
                        VALUES ('mac', 'tiny:latest', 13, 20.5);
                    """)
        }
        #expect(try await shard.latencyHistory().map(\.latenciesMilliseconds) == [[12.5, 13]])
        await shard.close()
    }
}
