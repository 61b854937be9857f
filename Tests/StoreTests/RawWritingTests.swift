import GRDB
import Synchronization
import Testing

@testable import Store

/// Rows are bound by hand and made on the writer's queue: odd texts, full disks, locks, changed schemas.
@Suite struct RawWritingTests {
    @Test func oddTextsComeBack() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        let long = String(repeating: "größer🦙", count: 300_000)
        let texts: [String?] = ["", nil, "a", "🦙", long, "'; --", "\u{0}", "\u{0}x\u{0}\u{0}", "e\u{301}", "short again"]
        for (number, text) in texts.enumerated() {
            var row = sampleRow(number)
            row.errorMessage = text
            row.tries = text
            row.clientIP = nil
            shard.append(row)
        }
        await shard.flush()
        let stored = try await shard.traces().reversed().map { row in
            #expect(row.errorMessage == row.tries && row.clientIP == nil && row.model == "tiny:latest")
            return row.errorMessage
        }
        #expect(stored == texts.map { $0?.replacing("\u{0}", with: "\u{FFFD}") })
        let kinds = try await shard.read { db in
            try String.fetchAll(db, sql: "SELECT typeof(error_message) FROM request_traces ORDER BY id LIMIT 3")
        }
        #expect(kinds == ["text", "null", "text"], "an empty text is not a missing one")
        await shard.close()
    }

    @Test func aRowThatTheTableRefusesIsLostAlone() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        for number in 1...20 { shard.append(sampleRow(number, timestamp: number == 7 ? .nan : nil)) }
        await shard.flush()
        #expect(shard.statistics.rowsWritten == 19 && shard.statistics.rowsDropped == 1)
        #expect(shard.statistics.lastError?.contains("refused") == true)
        #expect(try await shard.traces().map(\.requestID) == (1...20).reversed().filter { $0 != 7 }.map { "r\($0)" })
        shard.append(sampleRow(21))
        await shard.flush()
        #expect(shard.statistics.lastError == nil)
        await shard.close()
    }

    /// A rule that somebody added to the table: at most the rows of one statement are lost.
    @Test func aForeignRuleCostsFewRows() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        try await shard.write { db in try db.execute(sql: "CREATE UNIQUE INDEX rule ON request_traces (request_id)") }
        for number in 1...40 { shard.append(sampleRow(number == 11 ? 3 : number)) }
        await shard.flush()
        let statistics = shard.statistics
        #expect(statistics.rowsDropped >= 1 && statistics.rowsDropped <= RowValues.rowsTogether)
        #expect(statistics.rowsWritten + statistics.rowsDropped == 40)
        #expect(try await shard.traceCount() == statistics.rowsWritten)
        await shard.close()
    }

    @Test func aLockedFileLosesTheBatchAndTheNextOneWorks() async throws {
        let directory = try TemporaryDirectory()
        var configuration = ShardConfiguration()
        configuration.busyTimeout = .milliseconds(50)
        configuration.batchInterval = .seconds(3600)
        let shard = try Shard.open(directory: directory.path, configuration: configuration)
        var holder = Configuration()
        holder.allowsUnsafeTransactions = true
        holder.busyMode = .timeout(30)
        let other = try DatabaseQueue(path: directory.database, configuration: holder)
        try await other.writeWithoutTransaction { db in try db.execute(sql: "BEGIN IMMEDIATE") }
        for number in 1...5 { shard.append(sampleRow(number)) }
        await shard.flush()
        #expect(shard.statistics.rowsDropped == 5 && shard.statistics.rowsWritten == 0)
        #expect(shard.statistics.lastError?.contains("locked") == true)
        try await other.writeWithoutTransaction { db in try db.execute(sql: "COMMIT") }
        try other.close()
        shard.append(sampleRow(6))
        await shard.flush()
        #expect(shard.statistics.rowsWritten == 1 && shard.statistics.lastError == nil)
        #expect(try await shard.traces().map(\.requestID) == ["r6"])
        await shard.close()
    }

    @Test func theInsertSurvivesAChangeOfTheSchema() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        shard.append(sampleRow(1))
        await shard.flush()
        // By this program's connection, and by another program's.
        try await shard.write { db in
            try db.execute(sql: "ALTER TABLE request_traces ADD COLUMN mine INTEGER DEFAULT 4")
        }
        shard.append(sampleRow(2))
        await shard.flush()
        let other = try DatabaseQueue(path: directory.database)
        try await other.write { db in
            try db.execute(sql: "ALTER TABLE request_traces ADD COLUMN yours TEXT; CREATE INDEX i ON request_traces (yours)")
        }
        try other.close()
        shard.append(sampleRow(3))
        await shard.flush()
        #expect(shard.statistics.rowsWritten == 3 && shard.statistics.rowsDropped == 0)
        #expect(try await shard.traces().map(\.requestID) == ["r3", "r2", "r1"])
        await shard.close()
    }

    /// That each stands in its place is what `everyColumnComesBack` shows.
    @Test func everyColumnHasAPlaceInItsInsert() {
        #expect(TraceColumn.allCases.map(\.rawValue) == (1..<Int32(TraceRow.CodingKeys.allCases.count)).map(\.self))
        #expect(ExecutionColumn.allCases.map(\.rawValue) == (1..<Int32(ExecutionRow.CodingKeys.allCases.count)).map(\.self))
    }

    @Test func aSourceIsAskedOncePerBatchAndAtTheEnd() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        let source = NumberSource()
        shard.add(source)
        source.put(1...3000)
        shard.append(sampleRow(0))
        shard.rowsWait()
        shard.rowsWait()
        try await eventually { shard.statistics.rowsWritten == 3001 }
        #expect(shard.statistics.rowsWaiting == 0)
        source.put(3001...3002)
        #expect(shard.statistics.rowsWaiting == 2)
        await shard.close()
        #expect(shard.statistics.rowsWritten == 3003)
        let (first, count) = try directory.inspect { db in
            (
                try String.fetchOne(db, sql: "SELECT scores_breakdown FROM request_traces WHERE request_id = 'n17'"),
                try Int.fetchOne(db, sql: "SELECT count(DISTINCT request_id) FROM request_traces")
            )
        }
        #expect(first == "{17}" && count == 3003)
    }
}

/// Rows out of numbers, their texts written by hand.
private final class NumberSource: RowSource {
    private let numbers = Mutex<[Int]>([])

    func put(_ range: ClosedRange<Int>) { numbers.withLock { $0 += range } }

    var waitingRows: Int { numbers.withLock(\.count) }

    func takeRows() -> (any RowBatch)? {
        let taken = numbers.withLock { numbers in
            defer { numbers = [] }
            return numbers
        }
        return taken.isEmpty ? nil : Batch(numbers: taken)
    }

    private struct Batch: RowBatch {
        let numbers: [Int]
        var count: Int { numbers.count }

        func write(_ range: Range<Int>, into inserts: inout RowInserts) throws {
            for number in numbers[range] {
                inserts.trace.set(.requestID, "n\(number)")
                for column in [TraceColumn.model, .originalModel, .nodeID] { inserts.trace.set(column, "x") }
                inserts.trace.set(.status, "completed")
                inserts.trace.set(.timestamp, Double(number))
                inserts.trace.set(.latencyMilliseconds, nil as Double?)
                let start = inserts.trace.bytes.count
                inserts.trace.bytes.append("{\(number)}" as String)
                inserts.trace.setText(.scoresBreakdown, from: start)
                try inserts.insertTrace()
            }
        }
    }
}
