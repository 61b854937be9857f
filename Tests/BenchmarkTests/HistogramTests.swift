import Testing

@testable import BenchCommand

@Suite struct HistogramTests {
    @Test func percentilesAreNearestRanks() throws {
        var histogram = Histogram()
        for microseconds in 1...100 { histogram.record(Int64(microseconds) * 1_000) }
        #expect(abs(try #require(histogram.percentile(0.5)) - 50) <= 0.1)
        #expect(abs(try #require(histogram.percentile(0.99)) - 99) <= 0.1)
        #expect(abs(try #require(histogram.percentile(1)) - 100) <= 0.1)
    }

    @Test func aTenthOfAMicrosecondIsSeen() throws {
        var histogram = Histogram()
        histogram.record(12_340)
        #expect(abs(try #require(histogram.percentile(0.5)) - 12.34) < 0.051)
    }

    @Test func timesBeyondItsStepsAreKeptExactly() throws {
        var histogram = Histogram()
        histogram.record(1_000)
        histogram.record(90_000_000)
        histogram.record(1_500_000_000)
        #expect(histogram.percentile(0.99) == 1_500_000)
        #expect(histogram.percentile(0.6) == 90_000)
    }

    @Test func nothingSeenHasNoPercentile() {
        var histogram = Histogram()
        #expect(histogram.percentile(0.5) == nil)
        histogram.record(-5)
        #expect(histogram.percentile(0.5) == 0.05)
        histogram.reset()
        #expect(histogram.percentile(0.5) == nil)
        #expect(histogram.count == 0)
    }
}
