import Foundation
import GRDB
import Logging
import Testing

@testable import Store

/// Somebody removes the file, or the whole directory, under a running peer.
@Suite struct LostFileTests {
    private let quiet: Logger = {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }()

    private func writeUntil(_ shard: Shard, _ numbers: inout Int, _ condition: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < end {
            if try await condition() { return }
            numbers += 1
            shard.append(sampleRow(numbers))
            await shard.flush()
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("the condition did not come true")
    }

    @Test(arguments: [false, true]) func aNewFileTakesItsPlace(wholeDirectory: Bool) async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path, logger: quiet)
        for number in 0..<50 { shard.append(sampleRow(number)) }
        await shard.flush()
        try FileManager.default.removeItem(atPath: wholeDirectory ? directory.path : directory.database)
        var number = 100
        try await writeUntil(shard, &number) { shard.statistics.filesReplaced == 1 }
        shard.append(sampleRow(7777))
        await shard.flush()
        #expect(shard.statistics.fileProblem == nil)
        let rows = try await shard.traces(limit: 1000).map(\.requestID)
        #expect(rows.contains("r7777") && !rows.contains("r3"))
        #expect(try directory.inspect { try Int.fetchOne($0, sql: "SELECT count(*) FROM request_traces") } == rows.count)
        #expect(try await shard.overview().totalRequests == rows.count)
        await shard.close()
        let again = try Shard.open(directory: directory.path, logger: quiet)
        #expect(again.recoveredFrom == nil)
        #expect(try await again.traceCount() == rows.count)
        await again.close()
    }

    @Test func whereNoFileCanBeMadeTheStateSaysSo() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path, logger: quiet)
        shard.append(sampleRow(1))
        await shard.flush()
        let files = FileManager.default
        try files.removeItem(atPath: directory.path)
        // A file is where the directory was.
        #expect(files.createFile(atPath: directory.path, contents: Data()))
        var number = 1
        // The loss is counted behind the reason.
        try await writeUntil(shard, &number) { shard.statistics.fileProblem != nil && shard.statistics.rowsDropped > 0 }
        await #expect(throws: ShardError.self) { try await shard.overview() }
        try files.removeItem(atPath: directory.path)
        try await writeUntil(shard, &number) { shard.statistics.fileProblem == nil }
        #expect(shard.statistics.filesReplaced == 1)
        shard.append(sampleRow(7777))
        await shard.flush()
        #expect(try await shard.traces().map(\.requestID).contains("r7777"))
        await shard.close()
    }

    @Test func theSizeIsBounded() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path, logger: quiet)
        for number in 0..<4000 {
            var row = sampleRow(number)
            row.candidates = String(repeating: "x", count: 1000)
            shard.append(row)
        }
        await shard.flush()
        let before = try await shard.usedBytes()
        #expect(before > 4 << 20)
        let removed = try await shard.retention(olderThan: 0, maxRows: 1_000_000, maxBytes: 2 << 20)
        #expect(removed > 1000 && removed < 4000)
        #expect(try await shard.usedBytes() <= 2 << 20)
        let left = try await shard.traces(limit: 1000).map(\.requestID)
        #expect(left.first == "r3999" && !left.contains("r0"))
        #expect(try await shard.overview().totalRequests == 4000)
        await shard.close()
    }
}
