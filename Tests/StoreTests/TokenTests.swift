import Testing

@testable import Store

/// Tokens per node and model.
@Suite struct TokenTests {
    private static let start = 1_700_006_400.0

    @Test func totalsMinutesAndDays() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        for number in 0..<4 {
            shard.append(sampleRow(number, node: number < 3 ? "a" : "b", timestamp: Self.start + Double(number) * 30))
        }
        shard.append(sampleRow(9, node: "a", timestamp: Self.start + 86_400))
        var silent = sampleRow(10, node: "c", status: "failed", timestamp: Self.start)
        silent.promptTokens = nil
        silent.completionTokens = nil
        shard.append(silent)
        shard.append(sampleRow(11, node: "", status: "rejected", timestamp: Self.start))
        await shard.flush()
        #expect(
            try await shard.tokenTotals() == [
                TokenTotal(nodeID: "a", model: "tiny:latest", promptTokens: 40, completionTokens: 20),
                TokenTotal(nodeID: "b", model: "tiny:latest", promptTokens: 10, completionTokens: 5),
            ])
        let minutes = try await shard.tokenMinutes(model: "tiny:latest")
        #expect(minutes.map(\.minuteBucket) == [86_400, 60, 60, 0].map { Int(Self.start) + $0 })
        #expect(minutes.map(\.nodeID) == ["a", "a", "b", "a"] && minutes.map(\.promptTokens) == [10, 10, 10, 20])
        #expect(try await shard.tokenMinutes(model: "other").isEmpty)
        #expect(try await shard.tokenDays(before: Self.start + 86_400) == 2)
        #expect(try await shard.tokenDays(before: Self.start + 200_000) == 3)
        #expect(try await shard.tokenDays(before: 0) == 0)
        await shard.close()
    }
}
