import GRDB
import Testing

@testable import Store

@Suite struct SchemaTests {
    @Test func aNewFileHasTheDocumentedTables() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        await shard.close()
        let text = try directory.inspect(schemaText)
        #expect(text == Self.documented)
        let keys = try directory.inspect { db in
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND sql LIKE '%PRIMARY KEY AUTOINCREMENT%'")
        }
        #expect(keys == 5, "the imported latencies are one of them")
    }

    @Test func theFileIsInWriteAheadLogModeWithTheDocumentedSettings() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        let settings = try await shard.write { db in
            try [
                String.fetchOne(db, sql: "PRAGMA journal_mode"), String.fetchOne(db, sql: "PRAGMA busy_timeout"),
                String.fetchOne(db, sql: "PRAGMA wal_autocheckpoint"), String.fetchOne(db, sql: "PRAGMA journal_size_limit"),
                String.fetchOne(db, sql: "PRAGMA page_size"),
            ]
        }
        #expect(settings == ["wal", "30000", "0", "16777216", "8192"])
        // What reads cannot write.
        await #expect(throws: ShardError.self) {
            try await shard.read { db in try db.execute(sql: "DELETE FROM request_traces") }
        }
        await shard.close()
    }

    @Test func openingTwiceChangesNothing() async throws {
        let directory = try TemporaryDirectory()
        let first = try Shard.open(directory: directory.path)
        first.append(sampleRow(1))
        await first.close()
        let second = try Shard.open(directory: directory.path)
        #expect(try await second.traceCount() == 1)
        #expect(second.recoveredFrom == nil)
        await second.close()
        #expect(try directory.inspect(schemaText) == Self.documented)
    }

    /// A file as ollama-herd leaves it: the public tables, its own index names, no record of migrations, and rows.
    @Test func aFileOfOllamaHerdIsTakenOverWithItsRows() async throws {
        let directory = try TemporaryDirectory()
        try Self.makeOllamaHerdFile(directory.database, withLateColumns: true)
        let shard = try Shard.open(directory: directory.path)
        let rows = try await shard.traces()
        #expect(rows.map(\.requestID) == ["old-2", "old-1"])
        #expect(rows.last?.status == "completed")
        #expect(rows.last?.attempt == nil)
        #expect(rows.first?.retryCount == 0)
        #expect(try await shard.latencyHistory().first?.latenciesMilliseconds == [12.5])
        shard.append(sampleRow(3))
        await shard.close()
        // The indices were there under other names: none is made twice.
        #expect(try directory.inspect(schemaText) == Self.documented)
    }

    @Test func anOlderFileGetsItsMissingColumns() async throws {
        let directory = try TemporaryDirectory()
        try Self.makeOllamaHerdFile(directory.database, withLateColumns: false)
        let shard = try Shard.open(directory: directory.path)
        var row = sampleRow(3)
        row.finishReason = "stop"
        row.tags = "[\"a\"]"
        shard.append(row)
        await shard.flush()
        let rows = try await shard.traces()
        #expect(rows.count == 3)
        #expect(rows.first?.finishReason == "stop")
        await shard.close()
        let columns = try directory.inspect { db in try db.columns(in: "request_traces").map(\.name) }
        #expect(Set(columns) == Set(TraceRow.CodingKeys.allCases.map(\.rawValue)))
    }

    @Test func anObjectInTheWayIsAMigrationError() async throws {
        let directory = try TemporaryDirectory()
        let queue = try DatabaseQueue(path: directory.database)
        try await queue.write { db in try db.execute(sql: "CREATE VIEW request_traces AS SELECT 1 AS id") }
        try queue.close()
        #expect { try Shard.open(directory: directory.path) } throws: { error in
            guard case ShardError.migration(let path, _) = error else { return false }
            return path == directory.database
        }
    }

    static func makeOllamaHerdFile(_ path: String, withLateColumns: Bool) throws {
        let late = withLateColumns ? ", tags TEXT, finish_reason TEXT, estimated_tokens INTEGER" : ""
        let queue = try DatabaseQueue(path: path)
        try queue.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE latency_observations (id INTEGER PRIMARY KEY AUTOINCREMENT, node_id TEXT NOT NULL,
                        model_name TEXT NOT NULL, latency_ms REAL NOT NULL, tokens_generated INTEGER, timestamp REAL NOT NULL,
                        prompt_tokens INTEGER, completion_tokens INTEGER);
                    CREATE INDEX a1 ON latency_observations (node_id, model_name);
                    CREATE TABLE request_traces (id INTEGER PRIMARY KEY AUTOINCREMENT, request_id TEXT NOT NULL,
                        model TEXT NOT NULL, original_model TEXT NOT NULL, node_id TEXT NOT NULL, score REAL,
                        scores_breakdown TEXT, status TEXT NOT NULL,
                        latency_ms REAL, time_to_first_token_ms REAL, prompt_tokens INTEGER, completion_tokens INTEGER,
                        retry_count INTEGER DEFAULT 0, fallback_used INTEGER DEFAULT 0, excluded_nodes TEXT, client_ip TEXT,
                        original_format TEXT, error_message TEXT, timestamp REAL NOT NULL\(late));
                    CREATE INDEX b1 ON request_traces (request_id);
                    CREATE INDEX b2 ON request_traces (model, timestamp);
                    INSERT INTO latency_observations (node_id, model_name, latency_ms, timestamp)
                        VALUES ('mac', 'tiny:latest', 12.5, 1);
                    INSERT INTO request_traces (request_id, model, original_model, node_id, status, timestamp)
                        VALUES ('old-1', 'tiny:latest', 'tiny', 'mac', 'completed', 1);
                    INSERT INTO request_traces
                        (request_id, model, original_model, node_id, status, timestamp, retry_count, fallback_used)
                        VALUES ('old-2', 'tiny:latest', 'tiny', 'mac', 'retried', 2, NULL, NULL);
                    """)
        }
        try queue.close()
    }

    static let documented = """
        latency_observations
          id INTEGER
          node_id TEXT
          model_name TEXT
          latency_ms REAL
          tokens_generated INTEGER
          timestamp REAL
          prompt_tokens INTEGER
          completion_tokens INTEGER
        latency_observations_imported
          id INTEGER PK
          node_id TEXT NN
          model_name TEXT NN
          latency_ms REAL NN
          tokens_generated INTEGER
          timestamp REAL NN
          prompt_tokens INTEGER
          completion_tokens INTEGER
          index (node_id, model_name, timestamp)
          index (timestamp)
        request_traces
          id INTEGER PK
          request_id TEXT NN
          model TEXT NN
          original_model TEXT NN
          node_id TEXT NN
          score REAL
          scores_breakdown TEXT
          status TEXT NN
          latency_ms REAL
          time_to_first_token_ms REAL
          prompt_tokens INTEGER
          completion_tokens INTEGER
          retry_count INTEGER =0
          fallback_used INTEGER =0
          excluded_nodes TEXT
          client_ip TEXT
          original_format TEXT
          error_message TEXT
          timestamp REAL NN
          tags TEXT
          finish_reason TEXT
          estimated_tokens INTEGER
          attempt INTEGER
          backend TEXT
          hop INTEGER
          ticket_wait_ms REAL
          router_id TEXT
          router_epoch INTEGER
          router_mode TEXT
          candidates TEXT
          tries TEXT
          clock_ms REAL
          rewrites TEXT
          eliminated TEXT
          index (node_id, model, timestamp)
          index (request_id)
          index (status, timestamp)
          index (timestamp)
        benchmark_runs
          id INTEGER PK
          run_id TEXT NN
          timestamp REAL NN
          duration_s REAL
          total_requests INTEGER
          total_failures INTEGER
          total_prompt_tokens INTEGER
          total_completion_tokens INTEGER
          requests_per_sec REAL
          tokens_per_sec REAL
          latency_p50_ms REAL
          latency_p95_ms REAL
          latency_p99_ms REAL
          ttft_p50_ms REAL
          ttft_p95_ms REAL
          ttft_p99_ms REAL
          fleet_snapshot TEXT
          per_model_results TEXT
          per_node_results TEXT
          peak_utilization TEXT
          index (run_id) unique
          index (timestamp)
        fleet_briefings
          id INTEGER PK
          timestamp REAL NN
          briefing TEXT NN
          model TEXT
          fleet_data TEXT
          index (timestamp)
        executions
          id INTEGER PK
          request_id TEXT NN
          attempt INTEGER NN
          entry_node_id TEXT NN
          model TEXT NN
          backend TEXT
          verdict TEXT NN
          reason TEXT
          in_flight INTEGER
          queue_depth INTEGER
          slots INTEGER
          load_ms REAL
          backend_ms REAL
          status TEXT
          prompt_tokens INTEGER
          completion_tokens INTEGER
          router_epoch INTEGER
          clock_ms REAL
          timestamp REAL NN
          index (request_id, attempt)
          index (timestamp)
        """
}
