import Gossip
import Testing

@testable import API
@testable import FastLane

@Suite struct RequestFiguresTests {
    private func row(_ row: RequestTrace.Row = .terminal, _ status: TraceStatus = .completed, model: String = "m") -> RequestTrace
    {
        var trace = RequestTrace(row: row, requestID: "r", status: status)
        trace.operation = "chat"
        trace.isStreamed = true
        trace.peer = PeerID(short: 1, low: 1)
        trace.model = model
        trace.latencyMilliseconds = 2_000
        trace.firstTokenMilliseconds = 500
        trace.promptTokens = 7
        trace.completionTokens = 16
        trace.ticketWaitMilliseconds = 100
        trace.slotWaitMilliseconds = 40
        trace.loadAtAdmission = (1, 0)
        return trace
    }

    @Test(arguments: [(0.0, 0), (0.5, 0), (1, 0), (1.000_1, 1), (2, 1), (2.1, 2), (1e300, 2)])
    func aValueFallsIntoTheFirstBucketThatHoldsIt(value: Double, bucket: Int) {
        var histogram = Histogram(bounds: [1, 2])
        histogram.add(value)
        #expect(histogram.counts.firstIndex(of: 1) == bucket && histogram.count == 1 && histogram.sum == value)
    }

    @Test(arguments: [-1, .nan, .infinity, -.infinity] as [Double])
    func whatIsNoTimeIsLeftOut(value: Double) {
        var histogram = Histogram(bounds: [1, 2])
        histogram.add(value)
        #expect(histogram == Histogram(bounds: [1, 2]))
    }

    @Test func boundsRise() {
        for bounds in [
            RequestFigures.durationBounds, RequestFigures.firstTokenBounds, RequestFigures.perTokenBounds,
            RequestFigures.waitBounds,
        ] {
            #expect(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 })
        }
    }

    @Test func oneRequestIsCountedOnceAndWhereItWas() throws {
        var figures = RequestFigures()
        figures.note(row(.attempt, .retried))
        figures.note(row())
        figures.note(row(.execution))
        let series = try #require(figures.series.first)
        #expect(figures.series.count == 1 && figures.retries == 1)
        #expect(series.model == "m" && series.operation == "chat")
        #expect(series.duration.count == 1 && series.duration.sum == 2)
        #expect(series.firstToken.sum == 0.5)
        #expect(abs(series.perToken.sum - 0.1) < 1e-9)
        #expect(series.promptTokens == 7 && series.answerTokens == 16)
        #expect(figures.lineWait.count == 1 && figures.lineWait.sum == 0.1)
        #expect(figures.slotWait.count == 2 && figures.slotWait.sum == 0.08)
    }

    @Test func wholeAnswersAndBrokenOnesSayNothingOfTokens() {
        var figures = RequestFigures()
        var whole = row()
        whole.isStreamed = false
        figures.note(whole)
        figures.note(row(.terminal, .failed))
        var short = row()
        short.completionTokens = 1
        figures.note(short)
        var wild = row()
        wild.promptTokens = -5
        wild.completionTokens = nil
        figures.note(wild)
        let series = figures.series[0]
        #expect(series.duration.count == 4 && series.firstToken.count == 2 && series.perToken.count == 0)
        #expect(series.promptTokens == 21 && series.answerTokens == 33)
    }

    @Test func whatAsksNoModelIsNotCounted() {
        var figures = RequestFigures()
        var pull = row()
        pull.operation = ""
        figures.note(pull)
        #expect(figures == RequestFigures())
    }

    @Test func labelsAreBounded() {
        var figures = RequestFigures()
        for number in 0..<1_000 {
            figures.note(row(model: "m\(number)"))
            var refused = row(.terminal, .rejected, model: "whatever a client wrote \(number)")
            refused.peer = nil
            figures.note(refused)
        }
        #expect(figures.series.count <= RequestFigures.seriesLimit + 2)
        #expect(figures.series.reduce(0) { $0 + $1.duration.count } == 2_000)
        #expect(figures.series.first { $0.model == "_none" }?.duration.count == 1_000)
        #expect(!figures.series.contains { $0.model.hasPrefix("whatever") })
    }

    @Test func histogramsAreWrittenAsPrometheusReadsThem() {
        var histogram = Histogram(bounds: [0.5, 1])
        for value in [0.25, 0.5, 0.75, 4] { histogram.add(value) }
        var page = PrometheusText()
        page.add("herd_x_seconds", help: "x", histograms: [([("a", "b")], histogram), ([], Histogram(bounds: []))])
        #expect(
            page.text == """
                # HELP herd_x_seconds x
                # TYPE herd_x_seconds histogram
                herd_x_seconds_bucket{a="b",le="0.5"} 2
                herd_x_seconds_bucket{a="b",le="1"} 3
                herd_x_seconds_bucket{a="b",le="+Inf"} 4
                herd_x_seconds_sum{a="b"} 5.5
                herd_x_seconds_count{a="b"} 4
                herd_x_seconds_bucket{le="+Inf"} 0
                herd_x_seconds_sum 0
                herd_x_seconds_count 0

                """)
    }
}
