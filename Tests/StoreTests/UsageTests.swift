import Testing

@testable import Store

@Suite struct UsageTests {
    private static let day = 1_700_006_400.0

    private func filled(_ directory: TemporaryDirectory) async throws -> Shard {
        let shard = try Shard.open(directory: directory.path)
        for number in 0..<6 {
            var row = sampleRow(number, node: number < 4 ? "a" : "b", timestamp: Self.day + Double(number) * 1800)
            row.latencyMilliseconds = Double(number) * 10
            row.timeToFirstTokenMilliseconds = 2
            row.tags = number == 5 ? "{broken" : #"["all","n\#(number % 2)"]"#
            row.fallbackUsed = number == 1
            shard.append(row)
        }
        var retried = sampleRow(3, node: "b", status: "retried", timestamp: Self.day + 10)
        retried.promptTokens = nil
        retried.completionTokens = nil
        retried.tags = #"["all"]"#
        shard.append(retried)
        var failed = sampleRow(9, node: "b", status: "failed", timestamp: Self.day + 86_400)
        failed.model = "other:latest"
        failed.latencyMilliseconds = 5000
        shard.append(failed)
        await shard.flush()
        return shard
    }

    @Test func trendsPerHour() async throws {
        let directory = try TemporaryDirectory()
        let shard = try await filled(directory)
        let hours = try await shard.trends(since: Self.day, until: Self.day + 86_400)
        #expect(hours.map(\.requestCount) == [2, 2, 2])
        #expect(hours.map(\.hourBucket) == [0, 3600, 7200].map { Int(Self.day) + $0 })
        #expect(hours.map(\.averageLatencyMilliseconds) == [5, 25, 45])
        #expect(hours.map(\.totalPromptTokens) == [20, 20, 20])
        // The hour of the failed request has no time.
        #expect(try await shard.trends(since: Self.day + 86_400).map(\.averageLatencyMilliseconds) == [nil])
        await shard.close()
    }

    @Test func models() async throws {
        let directory = try TemporaryDirectory()
        let shard = try await filled(directory)
        let summaries = try await shard.modelSummaries(since: 0)
        #expect(summaries.map(\.modelName) == ["tiny:latest", "other:latest"])
        #expect(summaries.map(\.totalRequests) == [6, 1])
        #expect(summaries.first?.minimumLatencyMilliseconds == 0)
        #expect(summaries.first?.maximumLatencyMilliseconds == 50)
        #expect(summaries.first?.lastSeen == Self.day + 9000)
        #expect(summaries.last?.averageLatencyMilliseconds == nil)
        let days = try await shard.modelDays(since: 0)
        #expect(days.map(\.modelName) == ["tiny:latest", "other:latest"])
        #expect(days.map(\.dayBucket) == [Int(Self.day), Int(Self.day) + 86_400])
        await shard.close()
    }

    @Test func usageCountsRequestsAndRetriesApart() async throws {
        let directory = try TemporaryDirectory()
        let shard = try await filled(directory)
        let rows = try await shard.usage(since: 0)
        #expect(rows.map { "\($0.nodeID) \($0.model)" } == ["b other:latest", "a tiny:latest", "b tiny:latest"])
        #expect(rows.map(\.requestCount) == [1, 4, 2])
        #expect(rows.map(\.completedCount) == [0, 4, 2])
        #expect(rows.map(\.failedCount) == [1, 0, 0])
        #expect(rows.map(\.totalRetries) == [0, 0, 1])
        #expect(rows.map(\.totalFallbacks) == [0, 1, 0])
        #expect(rows.map(\.averageTimeToFirstTokenMilliseconds) == [nil, 2, 2])
        await shard.close()
    }

    @Test func tagsWithoutTheBrokenOnes() async throws {
        let directory = try TemporaryDirectory()
        let shard = try await filled(directory)
        let tags = try await shard.tagUsage(since: 0)
        #expect(tags.map { "\($0.tag) \($0.requestCount)" } == ["all 5", "n0 3", "n1 2"])
        #expect(tags.first?.totalCompletionTokens == 25)
        let days = try await shard.tagDays(since: 0)
        #expect(days.map { "\($0.tag) \($0.requestCount) \($0.totalTokens)" } == ["all 5 75", "n0 3 45", "n1 2 30"])
        #expect(try await shard.tagUsage(since: Self.day + 86_400).isEmpty)
        await shard.close()
    }
}
