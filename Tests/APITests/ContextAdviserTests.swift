import Insight
import Store
import Testing

@testable import API

/// What contexts models need, out of what their requests took.
@Suite struct ContextAdviserTests {
    private func row(_ model: String, _ figure: SpreadFigure, _ values: [Double]) -> ModelSpread {
        var spread = Spread()
        for value in values { spread.add(value) }
        return ModelSpread(model: model, figure: figure, spread: spread)
    }

    @Test func spellingsCountTogetherAndTheLargestDecides() {
        let needs = ContextAdviser.needs(
            [
                row("small", .totalTokens, Array(repeating: 3_000, count: 30)),
                row("small:latest", .totalTokens, Array(repeating: 6_000, count: 30)),
                row("small", .promptTokens, Array(repeating: 90_000, count: 9)),
                row("tiny:1b", .totalTokens, [10]),
            ], lastDay: [])
        #expect(needs.map(\.model) == ["small:latest", "tiny:1b"])
        #expect(needs.map(\.tokens) == [16_384, 4_096])
        #expect(needs.map(\.requests) == [60, 1])
    }

    /// One long request of today is not lost among many short ones.
    @Test func theLargestOfTheLastDayFits() {
        let many = row("small:7b", .totalTokens, Array(repeating: 100, count: 1_000))
        let today = row("small:7b", .totalTokens, [100, 20_000])
        #expect(ContextAdviser.needs([many], lastDay: [today]).map(\.tokens) == [32_768])
        #expect(ContextAdviser.needs([many], lastDay: []).map(\.tokens) == [4_096])
        #expect(ContextAdviser.needs([], lastDay: [today]).isEmpty)
    }
}
