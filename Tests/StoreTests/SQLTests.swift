import Foundation
import Testing

@testable import Store

/// Queries that somebody wrote read, and do nothing else.
@Suite struct SQLTests {
    private func filled(_ directory: TemporaryDirectory, _ count: Int = 20) async throws -> Shard {
        let shard = try Shard.open(directory: directory.path)
        for number in 0..<count {
            var row = sampleRow(number)
            row.tags = #"["app\#(number % 2)"]"#
            shard.append(row)
        }
        await shard.flush()
        return shard
    }

    @Test(arguments: [
        "SELECT count(*) FROM request_traces", "WITH x AS (SELECT id FROM request_traces) SELECT count(*) FROM x;",
        "VALUES (20)", "SELECT count(*) FROM request_traces, json_each(tags) ; \n",
        "SELECT max(n) FROM (SELECT row_number() OVER (ORDER BY latency_ms) AS n FROM request_traces)",
        "SELECT sum(input_tokens) / 10 FROM time_series", "SELECT count(*) FROM latency_observations",
    ])
    func whatReadsIsRun(sql: String) async throws {
        let directory = try TemporaryDirectory()
        let shard = try await filled(directory)
        #expect(try await shard.table(sql).rows == [[.integer(20)]])
        await shard.close()
    }

    @Test(arguments: [
        "DELETE FROM request_traces", "UPDATE request_traces SET model = 'x'", "DROP TABLE request_traces",
        "INSERT INTO request_traces DEFAULT VALUES", "CREATE TABLE x (y)", "CREATE TEMP TABLE x (y)",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA query_only = 0", "ATTACH '/etc/passwd' AS x", "VACUUM INTO '/tmp/herd-peer-copy.db'", "BEGIN", "ANALYZE",
        "SELECT load_extension('x')", "SELECT 1; DELETE FROM request_traces", "SELECT 1; SELECT 2", "", "  ;", "-- nothing",
        "EXPLAIN DELETE FROM request_traces", "nonsense", "SELECT * FROM nowhere", "SELECT writefile('/tmp/x', 'y')",
        "WITH x AS (SELECT 1) DELETE FROM request_traces", "SELECT * FROM pragma_table_info('request_traces') WHERE pragma_x()",
    ])
    func whatDoesMoreIsRefused(sql: String) async throws {
        let directory = try TemporaryDirectory()
        let shard = try await filled(directory)
        let problem = await #expect(throws: SQLProblem.self) { try await shard.table(sql) }
        #expect(problem?.description.isEmpty == false)
        #expect(try await shard.traceCount() == 20)
        await shard.close()
    }

    @Test func queriesHaveLimits() async throws {
        let directory = try TemporaryDirectory()
        let shard = try await filled(directory)
        var limits = SQLLimits()
        limits.rows = 5
        limits.time = .milliseconds(200)
        let cut = try await shard.table("SELECT id FROM request_traces", limits: limits)
        #expect(cut.rows.count == 5 && cut.isCut)
        let endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
        await #expect(throws: SQLProblem.tooLong(0)) { try await shard.table(endless, limits: limits) }
        limits.bytes = 1000
        let wide = try await shard.table("SELECT hex(zeroblob(100)) FROM request_traces", limits: limits)
        #expect(wide.isCut && wide.rows.count < 6)
        await #expect(throws: SQLProblem.self) { try await shard.table("SELECT zeroblob(100000000)") }
        await #expect(throws: SQLProblem.tooLarge) {
            try await shard.table("SELECT '" + String(repeating: "x", count: SQLLimits.longestText) + "'")
        }
        await shard.close()
    }

    @Test func valuesKeepTheirKinds() async throws {
        let directory = try TemporaryDirectory()
        let shard = try await filled(directory)
        let table = try await shard.table("SELECT 1 AS a, 2.5 AS b, 'x''y' AS c, NULL AS d, x'0aff' AS e")
        #expect(table.columns == ["a", "b", "c", "d", "e"])
        #expect(table.rows == [[.integer(1), .real(2.5), .text("x'y"), .null, .text("0aff")]])
        let again = try JSONDecoder().decode(SQLTable.self, from: JSONEncoder().encode(table))
        #expect(again == table)
        let sum = try await Shard.table(
            "SELECT shard, sum(n) FROM rows GROUP BY shard",
            over: SQLTable(
                columns: ["shard", "n"],
                rows: [[.text("a"), .integer(1)], [.text("b"), .real(0.5)], [.text("a"), .integer(2)], [.text("b"), .null]]))
        #expect(sum.rows == [[.text("a"), .integer(3)], [.text("b"), .real(0.5)]])
        await #expect(throws: SQLProblem.notReading) { try await Shard.table("DROP TABLE rows", over: table) }
        await shard.close()
    }
}
