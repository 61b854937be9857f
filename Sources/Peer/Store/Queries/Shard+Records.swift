import GRDB

extension Shard {
    /// Stores a benchmark run; one with the same run id is replaced.
    public func save(_ run: BenchmarkRow) async throws(ShardError) {
        try await write { db in try Stored(run).insert(db, onConflict: .replace) }
    }

    /// Benchmark runs, newest first.
    /// - Parameter limit: 1 to ``pageLimit``.
    public func benchmarks(limit: Int = 50) async throws(ShardError) -> [BenchmarkRow] {
        let bounded = min(max(limit, 1), Self.pageLimit)
        return try await read { db in
            try Stored<BenchmarkRow>.values(
                db, sql: "SELECT * FROM benchmark_runs ORDER BY id DESC LIMIT ?", arguments: [bounded])
        }
    }

    /// One benchmark run, nil when there is none with this id.
    public func benchmark(runID: String) async throws(ShardError) -> BenchmarkRow? {
        try await read { db in
            try Stored<BenchmarkRow>.values(db, sql: "SELECT * FROM benchmark_runs WHERE run_id = ?", arguments: [runID]).first
        }
    }

    /// Stores a briefing.
    public func save(_ briefing: BriefingRow) async throws(ShardError) {
        try await write { db in try Stored(briefing).insert(db) }
    }

    /// Briefings, newest first.
    /// - Parameter limit: 1 to ``pageLimit``.
    public func briefings(limit: Int = 20) async throws(ShardError) -> [BriefingRow] {
        let bounded = min(max(limit, 1), Self.pageLimit)
        return try await read { db in
            try Stored<BriefingRow>.values(
                db, sql: "SELECT * FROM fleet_briefings ORDER BY id DESC LIMIT ?", arguments: [bounded])
        }
    }
}
