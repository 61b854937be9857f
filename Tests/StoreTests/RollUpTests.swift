import GRDB
import Testing

@testable import Store

/// Whatever tables an answer is made of, it says what the traces say.
@Suite struct RollUpTests {
    private static let start = 1_700_006_400.0
    private static let groupings: [CountGrouping] = [
        [], .hour, .day, .model, .node, [.node, .model], [.day, .node, .model], [.hour, .model], .tag, [.day, .tag],
        [.hour, .tag],
    ]
    /// With and without whole hours and days at their ends.
    private static let spans: [(Double, Double)] = [
        (0, 1e12), (start, start + 86_400), (start + 3600, start + 4 * 86_400), (start + 5, start + 100),
        (start + 1800, start + 9000),
        (start + 86_400 + 7, start + 3 * 86_400 + 11), (start + 90_000, 1e12), (0, start + 200_000), (start + 9, start + 3),
        (-.infinity, .infinity), (start + 3600, start + 86_400 * 2),
    ]

    private func rows(_ numbers: Range<Int>) -> [TraceRow] {
        numbers.map { number in
            var row = sampleRow(
                number, node: ["a", "b"][number % 2], status: ["completed", "completed", "failed", "retried"][number % 4],
                timestamp: Self.start + Double((number * 104_729) % 432_000) + 0.25)
            row.model = ["m", "n", "o"][number % 3]
            row.tags = [#"["x"]"#, #"["x","y"]"#, nil][number % 3]
            return row
        }
    }

    /// Requests and summed times by key, as text.
    private func expected(_ rows: [TraceRow], _ grouping: CountGrouping, _ since: Double, _ until: Double) -> [String] {
        var sums: [Counted.Key: (requests: Int, latency: Double)] = [:]
        for row in rows where row.status != "retried" && row.timestamp >= since && row.timestamp < until {
            let unit = grouping.contains(.hour) ? 3600 : 86_400
            let isTimed = grouping.contains(.hour) || grouping.contains(.day)
            let tags = row.tags == nil ? [] : row.tags == #"["x"]"# ? ["x"] : ["x", "y"]
            for tag in grouping.contains(.tag) ? tags.map(Optional.some) : [nil] {
                let key = Counted.Key(
                    bucket: isTimed ? Int(row.timestamp) / unit * unit : nil, node: grouping.contains(.node) ? row.nodeID : nil,
                    model: grouping.contains(.model) ? row.model : nil, tag: tag)
                sums[key, default: (0, 0)].requests += 1
                if row.status == "completed" { sums[key]?.latency += row.latencyMilliseconds ?? 0 }
            }
        }
        return sums.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.requests) \(Int($0.value.latency))" }
    }

    private func check(_ shard: Shard, _ rows: [TraceRow], _ what: String) async throws {
        for grouping in Self.groupings {
            for (since, until) in Self.spans {
                let found = try await shard.counts(by: grouping, since: since, until: until).filter { $0.requests > 0 }
                    .sorted { $0.key < $1.key }.map { "\($0.key) \($0.requests) \(Int($0.latencySum))" }
                #expect(found == expected(rows, grouping, since, until), "\(what): \(grouping) \(since) \(until)")
            }
        }
    }

    @Test func everyGroupingOverEverySpanSaysWhatTheTracesSay() async throws {
        let directory = try TemporaryDirectory()
        var shard = try Shard.open(directory: directory.path)
        let all = rows(0..<1200)
        for row in all[..<700] { shard.append(row) }
        await shard.flush()
        try await check(shard, Array(all[..<700]), "counted by the writer")
        for row in all[700...] { shard.append(row) }
        await shard.flush()
        try await check(shard, all, "counted in two batches")
        // As another program would have left it: the counts know half of the traces.
        try await shard.write { db in
            for table in ["trace_hours", "trace_tag_hours"] + ShardSchema.rollUps.map(\.name) {
                try db.execute(sql: "DELETE FROM \(table)")
            }
            try db.execute(sql: "UPDATE trace_hours_covered SET trace_id = 0")
        }
        try await check(shard, all, "not counted")
        await shard.close()
        shard = try Shard.open(directory: directory.path)
        try await eventually {
            try await shard.read { db in try Int.fetchOne(db, sql: "SELECT trace_id FROM trace_hours_covered") } == 1200
        }
        try await check(shard, all, "counted after the fact")
        await shard.close()
    }

    /// How fast rows are written and counted is printed; that none is lost or counted twice is judged.
    @Test func manyRowsAreWrittenAndCountedOnce() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        var some = rows(0..<4000)
        for place in some.indices {
            some[place].candidates = String(repeating: "c", count: 600)
            some[place].scoresBreakdown = String(repeating: "s", count: 200)
        }
        let clock = ContinuousClock()
        let began = clock.now
        for _ in 0..<5 {
            for row in some { shard.append(row) }
            await shard.flush()
        }
        let seconds = (clock.now - began) / .seconds(1)
        print("20000 rows of about 1 kB, one append each: \(Int(20_000 / seconds)) rows/s in this build, on this machine now")
        #expect(shard.statistics.rowsDropped == 0 && shard.statistics.rowsWritten == 20_000)
        for grouping in [[], .day, [.hour, .model]] as [CountGrouping] {
            let sum = try await shard.counts(by: grouping, since: 0).reduce(0) { $0 + $1.requests + $1.retried }
            #expect(sum == 20_000, "\(grouping)")
        }
        await shard.close()
    }

    @Test func whatRetentionCutsIsCutFromDaysAsWell() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        for row in rows(0..<1200) { shard.append(row) }
        await shard.flush()
        for time in [Self.start + 100_000, Self.start + 172_800, Self.start + 180_000] {
            try await shard.retention(olderThan: time, maxRows: 1_000_000)
            let hours = try await shard.counts(by: [.hour, .model], since: 0).reduce(0) { $0 + $1.requests }
            #expect(hours > 0)
            for grouping in [[], .day, .model, .hour] as [CountGrouping] {
                let sum = try await shard.counts(by: grouping, since: 0).reduce(0) { $0 + $1.requests }
                #expect(sum == hours, "\(grouping)")
            }
            let tagHours = try await shard.counts(by: [.hour, .tag], since: 0).reduce(0) { $0 + $1.requests }
            let tagDays = try await shard.counts(by: [.day, .tag], since: 0).reduce(0) { $0 + $1.requests }
            #expect(tagHours == tagDays && tagDays > 0)
        }
        await shard.close()
    }
}
