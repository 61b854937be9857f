import API
import ArgumentParser
import Testing

@testable import Program

@Suite struct TraceFollowTests {
    private func trace(_ id: String, at time: Double, took milliseconds: Double = 0, shard: String = "desk") -> TraceBody.Trace {
        var trace = TraceBody.Trace(
            request_id: id, attempt: 1, model: "m", original_model: "m", node_id: "desk", status: "completed", timestamp: time)
        trace.latency_ms = milliseconds
        trace.shard = shard
        return trace
    }

    @Test func eachTraceIsShownOnceAndTheOldestFirst() {
        var follower = TraceFollower(start: 100)
        follower.skip([trace("b", at: 99), trace("a", at: 98)])
        #expect(follower.fresh([trace("d", at: 102), trace("c", at: 101), trace("b", at: 99)]).map(\.request_id) == ["c", "d"])
        #expect(follower.fresh([trace("d", at: 102), trace("c", at: 101)]).isEmpty)
    }

    @Test func aRequestThatBeganLongAgoIsShownWhenItEnds() {
        var follower = TraceFollower(start: 100)
        #expect(
            follower.fresh([trace("long", at: 40, took: 61_000), trace("old", at: 40, took: 1_000)]).map(\.request_id) == ["long"]
        )
    }

    @Test func oneRequestInTwoShardsIsTwoTraces() {
        var follower = TraceFollower(start: 0)
        #expect(follower.fresh([trace("a", at: 1), trace("a", at: 1, shard: "attic")]).count == 2)
    }

    @Test func whatIsStillListedIsNotForgotten() {
        var follower = TraceFollower(start: 0)
        let kept = trace("kept", at: 0)
        for round in 0..<5 {
            let page = (0..<TraceFollower.remembered / 2).map { trace("\(round)/\($0)", at: 1) }
            #expect(follower.fresh(page + [kept]).count == page.count + (round == 0 ? 1 : 0))
        }
    }

    @Test func rowsThatComeLaterStandBelowTheFirst() {
        var printer = TracePrinter(isJSON: false)
        let first = printer.lines([trace("a", at: 1)], .plain)
        let later = printer.lines([trace("b", at: 2)], .plain)
        #expect(first.count == 2 && later.count == 1)
        #expect(first[1].firstRange(of: "completed") == later[0].firstRange(of: "completed"))
        #expect(printer.lines([], .plain).isEmpty)
    }

    @Test func linesOfJSONAreTheTraces() {
        var printer = TracePrinter(isJSON: true)
        let lines = printer.lines([trace("a", at: 1)], .plain)
        #expect(lines.count == 1 && lines[0].contains(#""request_id":"a""#) && !lines[0].contains("\n"))
    }

    @Test func filtersAreEscapedForTheURL() throws {
        let filter = try TraceFilterOptions.parse(["--model", "a/b:7b q8&x=1", "--node", "dä"])
        #expect(filter.query == "&model=a%2Fb%3A7b%20q8%26x%3D1&node=d%C3%A4")
    }
}
