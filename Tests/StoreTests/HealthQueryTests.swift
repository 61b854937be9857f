import Foundation
import Testing

@testable import Store

@Suite struct HealthQueryTests {
    private static let now = 1_700_010_000.0

    @Test func pairsAreCountedByStatus() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        for number in 0..<6 {
            var row = sampleRow(
                number, node: "a", status: number < 4 ? "completed" : "failed", timestamp: Self.now - Double(number))
            row.timeToFirstTokenMilliseconds = 10
            row.fallbackUsed = number == 0
            shard.append(row)
        }
        shard.append(sampleRow(9, node: "a", status: "completed", timestamp: Self.now - 90_000))
        await shard.flush()
        let counts = try await shard.pairCounts(since: Self.now - 86_400)
        #expect(counts.map(\.status) == ["completed", "failed"] && counts.map(\.requests) == [4, 2])
        #expect(counts.first?.firstTokens == 4 && counts.first?.firstTokenMilliseconds == 40 && counts.first?.fallbacks == 1)
        #expect(try await shard.pairCounts(since: Self.now + 1).isEmpty)
        await shard.close()
    }

    @Test func theNewestRowsAreSeenFirstAndNoMoreThanTheLimit() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        for number in 0..<20 {
            var row = sampleRow(number, node: "a", timestamp: Self.now + Double(number))
            row.rewrites = number == 19 ? "num_ctx=1>2" : nil
            shard.append(row)
        }
        await shard.flush()
        let rows = try await shard.fold(since: Self.now, limit: 5, into: [TraceOutline]()) { $0.append($1) }
        #expect(rows.map(\.timestamp) == (0..<5).map { Self.now + 19 - Double($0) })
        #expect(rows.map(\.rewrites) == ["num_ctx=1>2", "", "", "", ""])
        let late = try await shard.fold(since: Self.now + 18, limit: 50, into: 0) { count, _ in count += 1 }
        #expect(late == 2)
        await shard.close()
    }

    @Test func aFileThatWasDeletedOrReplacedIsNoticed() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        #expect(shard.isFileInPlace)
        try FileManager.default.removeItem(atPath: shard.path)
        #expect(!shard.isFileInPlace)
        try Data("x".utf8).write(to: URL(fileURLWithPath: shard.path))
        #expect(!shard.isFileInPlace)
        try FileManager.default.removeItem(atPath: shard.path)
        // It was looked for a moment ago, and is again when half a second is over.
        let clock = ContinuousClock()
        let end = clock.now + .seconds(30)
        while !shard.isFileInPlace, clock.now < end {
            shard.append(sampleRow(1))
            await shard.flush()
        }
        #expect(shard.isFileInPlace)
        await shard.close()
    }
}
