import Foundation
import GRDB
import Logging
import Testing

@testable import Store

@Suite struct WriterTests {
    @Test func everyColumnComesBack() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        var row = sampleRow(1)
        row.score = 97.5
        row.scoresBreakdown = #"{"thermal":50,"total":97.5}"#
        row.timeToFirstTokenMilliseconds = 3.25
        row.retryCount = 1
        row.fallbackUsed = true
        row.excludedNodes = #"["beta"]"#
        row.clientIP = "192.0.2.7"
        row.originalFormat = "openai"
        row.errorMessage = "none; 'quoted' \u{0} \u{1F980}"
        row.tags = #"["user:ann","benchmark"]"#
        row.finishReason = "stop"
        row.estimatedTokens = 12
        row.attempt = 2
        row.backend = "ollama"
        row.hop = 1
        row.ticketWaitMilliseconds = 4.5
        row.routerID = "gamma"
        row.routerEpoch = .max
        row.routerMode = "quorate"
        row.candidates = "[]"
        row.tries = "[1]"
        row.clockMilliseconds = 0.125
        #expect(shard.append(row))
        var execution = ExecutionRow(
            requestID: "r1", attempt: 2, entryNodeID: "beta", model: "tiny:latest", verdict: "busy", timestamp: 5)
        execution.backend = "ollama"
        execution.reason = "full"
        execution.inFlight = 4
        execution.queueDepth = 2
        execution.slots = 4
        execution.loadMilliseconds = 1.5
        execution.backendMilliseconds = 2.5
        execution.status = "completed"
        execution.promptTokens = 1
        execution.completionTokens = 2
        execution.routerEpoch = 9
        execution.clockMilliseconds = 77
        shard.append(execution)
        await shard.flush()

        var stored = try #require(try await shard.attempts(ofRequest: "r1").first)
        #expect(stored.id == 1)
        stored.id = nil
        #expect(stored.errorMessage == "none; 'quoted' \u{FFFD} \u{1F980}", "a reader would cut the text at a zero")
        stored.errorMessage = row.errorMessage
        #expect(stored == row)
        var ran = try #require(try await shard.executions(ofRequest: "r1").first)
        ran.id = nil
        #expect(ran == execution)
        await shard.close()
    }

    @Test func rowsAreWrittenInBatchesAndLatenciesAlong() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        for number in 1...950 { shard.append(sampleRow(number)) }
        shard.append(sampleRow(951, status: "failed"))
        shard.append(sampleRow(952, node: "", status: "completed"))
        try await eventually { shard.statistics.rowsWritten == 952 }
        #expect(shard.statistics.batches < 100)
        #expect(shard.statistics.rowsDropped == 0)
        #expect(shard.statistics.rowsWaiting == 0)
        // Only completed rows with a node teach the router.
        #expect(try await shard.latencyHistory(perPairLimit: 5000).map(\.latenciesMilliseconds.count) == [950])
        await shard.close()
    }

    @Test func aSingleRowIsWrittenWithoutACall() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        shard.append(sampleRow(1))
        try await eventually { try await shard.traceCount() == 1 }
        await shard.close()
    }

    @Test func aFullQueueDropsAndCounts() async throws {
        let directory = try TemporaryDirectory()
        var configuration = ShardConfiguration()
        configuration.queueLimit = 10
        configuration.batchRows = 100
        configuration.batchInterval = .seconds(3600)
        let shard = try Shard.open(directory: directory.path, configuration: configuration)
        let taken = (1...25).map { shard.append(sampleRow($0)) }
        #expect(taken == (1...25).map { $0 <= 10 })
        #expect(shard.statistics.rowsDropped == 15)
        #expect(shard.statistics.rowsWaiting == 10)
        await shard.flush()
        #expect(shard.append(sampleRow(26)))
        await shard.close()
        #expect(shard.statistics.rowsWritten == 11)
        #expect(!shard.append(sampleRow(27)))
        #expect(shard.statistics.rowsDropped == 16)
    }

    @Test func aFullDiskLosesRowsAndNothingElse() async throws {
        let directory = try TemporaryDirectory()
        var configuration = ShardConfiguration()
        configuration.maximumPages = 40
        let shard = try Shard.open(directory: directory.path, configuration: configuration)
        var row = sampleRow(1)
        row.candidates = String(repeating: "x", count: 20_000)
        for _ in 1...30 { shard.append(row) }
        await shard.flush()
        #expect(shard.statistics.rowsDropped == 30)
        #expect(shard.statistics.lastError?.contains("full") == true)
        #expect(try await shard.traceCount() == 0)
        // Small rows still fit, and the complaint is over.
        shard.append(sampleRow(2))
        await shard.flush()
        #expect(shard.statistics.rowsWritten == 1)
        #expect(shard.statistics.lastError == nil)
        await #expect(throws: ShardError.diskFull(path: directory.database)) {
            try await shard.save(BriefingRow(timestamp: 1, briefing: String(repeating: "x", count: 200_000)))
        }
        await shard.close()
    }

    @Test func manyWritersAndReadersAtOnce() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        let written = 4 * 1000
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    for number in 0..<1000 {
                        shard.append(sampleRow(writer * 1000 + number))
                        if number % 100 == 0 { await Task.yield() }
                    }
                }
            }
            for _ in 0..<3 {
                group.addTask {
                    // A reader sees whole transactions: a latency for each trace.
                    for _ in 0..<30 {
                        let (traces, latencies) = try await shard.read { db in
                            (
                                try Int.fetchOne(db, sql: "SELECT count(*) FROM request_traces"),
                                try Int.fetchOne(db, sql: "SELECT count(*) FROM latency_observations")
                            )
                        }
                        #expect(traces == latencies)
                    }
                }
            }
            try await group.waitForAll()
        }
        await shard.flush()
        #expect(shard.statistics.rowsWritten == written)
        #expect(try await shard.traceCount() == written)
        await shard.close()
    }

    @Test func closingWritesWhatWaitsAndLeavesOneFile() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        for number in 1...250 { shard.append(sampleRow(number)) }
        await shard.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == [Shard.fileName])
        #expect(try directory.inspect { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM request_traces") } == 250)
        await #expect(throws: ShardError.closed) { try await shard.traces() }
        await shard.close()
    }

    @Test func whoWaitsForAWriterThatHangsGoesOn() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        configuration.busyMode = .timeout(30)
        let other = try DatabaseQueue(path: directory.database, configuration: configuration)
        try other.inDatabase { try $0.beginTransaction(.immediate) }
        shard.append(sampleRow(1))
        await shard.flush(within: .milliseconds(50))
        #expect(shard.statistics.rowsWritten == 0, "the lock is still held")
        try other.inDatabase { try $0.rollback() }
        await shard.flush(within: .seconds(60))
        #expect(shard.statistics.rowsWritten == 1 && shard.statistics.rowsDropped == 0)
        try other.close()
        await shard.close()
    }
}
