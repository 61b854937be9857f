import Foundation
import Store
import Testing

@testable import Insight

@Suite struct QuestionTests {
    private func again(_ query: ShardQuery) throws -> ShardQuery {
        try JSONDecoder().decode(ShardQuestion.self, from: JSONEncoder().encode(ShardQuestion(query))).query
    }

    @Test func questionsTravel() throws {
        var filter = TraceFilter()
        filter.tag = "app:x"
        filter.since = 12.5
        for query in [
            .counts(CountsQuery(by: [.day, .tag], since: 5)), .request("abc"),
            .traces(TracesQuery(limit: 7, filter: filter, cursor: TraceCursor(timestamp: 1.25, shard: "ab", id: -3))),
            .spread(SpreadQuery(of: [.firstToken], since: 0)), .tokenMinutes(TokenMinutesQuery(models: ["m"])),
        ] as [ShardQuery] {
            #expect(try again(query) == query)
        }
    }

    @Test func partsTravel() throws {
        var counted = Counted(key: .init(bucket: 3600, model: "m"))
        counted.requests = 3
        counted.latencyMinimum = 0.5
        var spread = Spread()
        spread.add(4)
        var trace = TraceRow(requestID: "r", model: "m", nodeID: "n", status: "completed", timestamp: 3)
        trace.id = 9
        let list = TraceList(TracePage(rows: [trace], stoppedAt: 1), shard: "ab", limit: 5)
        for part in [
            .counts([counted]), .spread([ModelSpread(model: "m", figure: .latency, spread: spread)]), .traces(list),
            .request(RequestRecord(attempts: [trace])), .tokenMinutes([]),
        ] as [ShardPart] {
            #expect(try JSONDecoder().decode(ShardPart.self, from: JSONEncoder().encode(part)) == part)
        }
    }

    @Test(arguments: [
        (
            #"{"version":1,"query":{"telepathy":{}}}"#,
            "this peer does not know the query 'telepathy': a newer version of the program may"
        ),
        (#"{"version":2,"query":{"request":"x"}}"#, "questions of version 2 are not understood here, those of 1 are"),
        (#"{"version":1,"query":{"request":"x","counts":{}}}"#, "a question holds one query"),
        (#"{"version":1,"query":{}}"#, "a question holds one query"),
        (
            #"{"version":1,"query":{"counts":{"grouping":3,"since":0,"until":1}}}"#,
            "requests are not counted by these facts together"
        ),
        (
            #"{"version":1,"query":{"counts":{"grouping":200,"since":0,"until":1}}}"#,
            "requests are not counted by these facts together"
        ),
        (#"{"version":1,"query":{"spread":{"figures":["latency"],"since":0,"latest":0}}}"#, "latest is a number from 1 to 50000"),
        (#"{"version":1,"query":{"traces":{"limit":1001,"filter":{}}}}"#, "limit is a number from 1 to 1000"),
    ])
    func whatIsNoQuestionIsRefusedInWords(text: String, words: String) {
        let problem = #expect(throws: ShardQueryProblem.self) {
            try JSONDecoder().decode(ShardQuestion.self, from: Data(text.utf8))
        }
        #expect(problem?.description == words)
    }

    @Test func longTextsAreRefused() {
        let long = String(repeating: "x", count: ShardQuery.longestText + 1)
        #expect(throws: ShardQueryProblem.self) { try ShardQuery.request(long).check() }
        #expect(throws: ShardQueryProblem.self) {
            try ShardQuery.tokenMinutes(TokenMinutesQuery(models: Array(repeating: "m", count: 17))).check()
        }
    }

    @Test(arguments: ["", "1", "1-2", "x-ab-3", "1-zz-3", "7ff0000000000000-ab-3", "1-ab-x"]) func badCursorsAreNone(text: String)
    {
        #expect(TraceCursor(text: text) == nil)
    }
}
