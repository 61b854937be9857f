import Foundation
import GRDB
import Testing

@testable import Store

/// The log is copied into the file beside the writer, whatever readers do.
@Suite struct CheckpointTests {
    private let directory: TemporaryDirectory
    private let shard: Shard

    init() throws {
        var configuration = ShardConfiguration()
        configuration.autocheckpointPages = 20
        directory = try TemporaryDirectory()
        shard = try Shard.open(directory: directory.path, configuration: configuration)
    }

    private func write(_ numbers: Range<Int>) async {
        for number in numbers { shard.append(sampleRow(number)) }
        await shard.flush()
    }

    /// Rows that the file holds without its log.
    private func copied() throws -> Int {
        let path = directory.path + "/alone.db"
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.copyItem(atPath: directory.database, toPath: path)
        // A copy that was made in the middle of a checkpoint is no file.
        guard let queue = try? DatabaseQueue(path: path) else { return 0 }
        defer { try? queue.close() }
        return (try? queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM request_traces") ?? 0 }) ?? 0
    }

    @Test func theLogIsCopiedWhileRowsAreWritten() async throws {
        await write(0..<2000)
        var next = 2000
        try await eventually {
            await write(next..<next + 1)
            next += 1
            return try copied() >= 2000
        }
        #expect(shard.statistics.rowsWritten == next && shard.statistics.rowsDropped == 0)
        await shard.close()
        #expect(try directory.inspect { try Int.fetchOne($0, sql: "SELECT count(*) FROM request_traces") } == next)
    }

    @Test func aLongReaderHoldsTheLogAndNoRow() async throws {
        await write(0..<10)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let reader = try DatabaseQueue(path: directory.database, configuration: configuration)
        try await reader.writeWithoutTransaction { db in
            try db.beginTransaction(.deferred)
            _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM request_traces")
        }
        for begin in stride(from: 10, to: 4000, by: 190) { await write(begin..<begin + 190) }
        #expect(shard.statistics.rowsWritten == 4000 && shard.statistics.rowsDropped == 0)
        try await reader.writeWithoutTransaction { db in
            #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM request_traces") == 10)
            try db.commit()
        }
        var next = 4000
        try await eventually {
            // A log that could not be copied whole is tried again when it has grown.
            await write(next..<next + 100)
            next += 100
            return try copied() >= 4000
        }
        try reader.close()
        await shard.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() == ["alone.db", Shard.fileName])
    }

    /// SQLite would walk over all traces of the span by the index of time.
    @Test(arguments: [[], .hour, .day, .model, [.day, .node, .model], .tag, [.day, .tag]] as [CountGrouping])
    func whatIsNotCountedYetIsFoundByItsNumber(grouping: CountGrouping) async throws {
        let sql = "EXPLAIN QUERY PLAN " + CountedSpan.counted(by: grouping, "SELECT count(*) FROM counted")
        let span = CountedSpan(since: 0, until: 1e12)
        let plan = try await shard.read { db in
            try Row.fetchAll(db, sql: sql, arguments: span.argumentsWithDays).map { $0["detail"] as String }
        }
        let searches = plan.filter { $0.contains("request_traces") }
        #expect(searches.count == 3, "\(plan)")
        #expect(searches.filter { $0.contains("INTEGER PRIMARY KEY (rowid>?)") }.count == 1, "\(plan)")
        await shard.close()
    }
}
