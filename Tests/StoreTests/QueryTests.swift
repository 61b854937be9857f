import GRDB
import Testing

@testable import Store

@Suite struct QueryTests {
    @Test func pagesAndFilters() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        for number in 1...20 {
            var row = sampleRow(number, node: number % 2 == 0 ? "even" : "odd", status: number % 5 == 0 ? "failed" : "completed")
            row.tags = number == 7 ? "not json" : number % 3 == 0 ? #"["three","n\#(number)"]"# : nil
            shard.append(row)
        }
        await shard.flush()
        func ids(_ change: (inout TraceFilter) -> Void, limit: Int = 50, offset: Int = 0) async throws -> [String] {
            var filter = TraceFilter()
            change(&filter)
            return try await shard.traces(limit: limit, offset: offset, filter: filter).map(\.requestID)
        }
        #expect(try await ids({ _ in }, limit: 3) == ["r20", "r19", "r18"])
        #expect(try await ids({ _ in }, limit: 2, offset: 3) == ["r17", "r16"])
        #expect(try await ids({ _ in }, limit: 0, offset: -5) == ["r20"])
        #expect(try await ids({ _ in }, limit: .max).count == 20)
        #expect(try await ids { $0.nodeID = "even" }.count == 10)
        #expect(try await ids { $0.status = "failed" } == ["r20", "r15", "r10", "r5"])
        #expect(try await ids { $0.tag = "three" }.count == 6)
        #expect(try await ids { $0.tag = "n9" } == ["r9"])
        #expect(try await ids { $0.requestID = "r4" } == ["r4"])
        #expect(try await ids { $0.model = "other" } == [])
        #expect(
            try await ids {
                $0.since = 1_700_000_018; $0.until = 1_700_000_020
            } == ["r19", "r18"])
        #expect(try await ids { $0.beforeID = 3 } == ["r2", "r1"])
        #expect(try await ids { $0.requestID = "'; DROP TABLE request_traces; --" } == [])
        var filter = TraceFilter()
        filter.status = "failed"
        #expect(try await shard.traceCount(filter: filter) == 4)
        await shard.close()
    }

    @Test func theOverviewCountsRequestsNotAttempts() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        #expect(
            try await shard.overview()
                == Overview(totalRequests: 0, totalPromptTokens: 0, totalCompletionTokens: 0, totalTokens: 0, modelsCount: 0))
        shard.append(sampleRow(1, status: "retried"))
        shard.append(sampleRow(1))
        shard.append(sampleRow(2, status: "failed"))
        await shard.flush()
        #expect(
            try await shard.overview()
                == Overview(totalRequests: 2, totalPromptTokens: 20, totalCompletionTokens: 10, totalTokens: 30, modelsCount: 1))
        #expect(
            try await shard.statusCounts() == [
                StatusCount(status: "completed", count: 1), StatusCount(status: "failed", count: 1),
                StatusCount(status: "retried", count: 1),
            ])
        await shard.close()
    }

    @Test func theLatestLatenciesPerPairOldestFirst() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        for number in 1...10 { shard.append(sampleRow(number, node: "b")) }
        shard.append(sampleRow(11, node: "a"))
        await shard.flush()
        #expect(
            try await shard.latencyHistory(perPairLimit: 3) == [
                PairLatencies(nodeID: "a", modelName: "tiny:latest", latenciesMilliseconds: [11]),
                PairLatencies(nodeID: "b", modelName: "tiny:latest", latenciesMilliseconds: [8, 9, 10]),
            ])
        #expect(try await shard.latencyHistory(since: 1_700_000_011).map(\.nodeID) == ["a"])
        let plan = try await shard.read { db in
            try String.fetchAll(
                db, sql: "EXPLAIN QUERY PLAN " + Shard.latestLatenciesSQL, arguments: ["a", "b", 0, 5],
                adapter: SuffixRowAdapter(fromIndex: 3))
        }
        #expect(!plan.joined().contains("TEMP B-TREE"))
        await shard.close()
    }

    @Test func pairsAreFoundStepByStep() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        let wanted = [("", "m"), ("", "n"), ("a", ""), ("a", "m"), ("b", "k"), ("b", "m"), ("b", "z"), ("c", "a")]
        for (number, pair) in (wanted + wanted + [("", "")]).enumerated() {
            var row = sampleRow(number, node: pair.0)
            row.model = pair.1
            shard.append(row)
        }
        await shard.flush()
        let table = ShardSchema.requestTraces.name
        let (pairs, plans) = try await shard.read { db in
            let sql = Shard.nextPairSQL(table, "model")
            return (
                try Shard.pairs(db, table, model: "model"),
                try [(sql.sameNode, ["a", "m"]), (sql.nextNode, ["a"])].map { statement, values in
                    let plan = "EXPLAIN QUERY PLAN " + statement
                    return try Row.fetchAll(db, sql: plan, arguments: StatementArguments(values)).map { $0["detail"] as String }
                }
            )
        }
        #expect(pairs == wanted.map { Shard.Pair(node: $0.0, model: $0.1) })
        #expect(plans[0].first?.contains("(node_id=? AND model>?)") == true, "\(plans)")
        #expect(plans[1].first?.contains("(node_id>?)") == true && plans.allSatisfy { $0.count == 1 }, "\(plans)")
        await shard.close()
    }

    @Test func retentionByAgeAndByNumber() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        for number in 1...100 {
            shard.append(sampleRow(number, timestamp: Double(number)))
            shard.append(
                ExecutionRow(
                    requestID: "r\(number)", attempt: 1, entryNodeID: "a", model: "m", verdict: "admit", timestamp: Double(number)
                ))
        }
        await shard.flush()
        // 30 old ones of each of two tables; the latencies of the traces go with these.
        #expect(try await shard.retention(olderThan: 31, maxRows: 1000, batch: 7) == 60)
        #expect(try await shard.latencyHistory().map(\.latenciesMilliseconds.count) == [70])
        #expect(try await shard.traceCount() == 70)
        #expect(try await shard.retention(olderThan: 0, maxRows: 10, batch: 7) == 120)
        #expect(try await shard.traces().map(\.requestID) == (91...100).reversed().map { "r\($0)" })
        #expect(try await shard.retention(olderThan: 0, maxRows: 10) == 0)
        #expect(try await shard.retention(olderThan: 1e12, maxRows: 0) == 20)
        await shard.close()
    }

    @Test func benchmarksAndBriefings() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        var run = BenchmarkRow(runID: "bench-1", timestamp: 1)
        run.totalRequests = 5
        try await shard.save(run)
        run.totalRequests = 6
        run.latencyP99Milliseconds = 9.5
        try await shard.save(run)
        try await shard.save(BenchmarkRow(runID: "bench-2", timestamp: 2))
        #expect(try await shard.benchmarks().map(\.runID) == ["bench-2", "bench-1"])
        #expect(try await shard.benchmark(runID: "bench-1")?.totalRequests == 6)
        #expect(try await shard.benchmark(runID: "bench-1")?.latencyP99Milliseconds == 9.5)
        #expect(try await shard.benchmark(runID: "none") == nil)
        try await shard.save(BriefingRow(timestamp: 1, briefing: "all well", model: "tiny", fleetData: "{}"))
        try await shard.save(BriefingRow(timestamp: 2, briefing: "still well"))
        #expect(try await shard.briefings(limit: 1).map(\.briefing) == ["still well"])
        #expect(try await shard.briefings().count == 2)
        await shard.close()
    }
}
