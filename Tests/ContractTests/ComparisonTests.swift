import NIOHTTP1
import Testing

@testable import DemoEngine

/// The comparison itself must see what is wrong.
@Suite struct ComparisonTests {
    private static let golden: JSONValue = [
        "request": ["method": "GET", "path": "/", "headers": [:], "body": nil],
        "response": [
            "status": 200, "headers": ["Content-Type": "application/json", "Content-Length": "9"],
            "json": ["model": "tiny", "created": 5, "data": [1, 2], "id": "x"],
        ],
    ]

    private func differences(
        _ body: String, status: Int = 200, headers: HTTPHeaders = ["Content-Type": "application/json"], isComplete: Bool = true
    ) throws -> [String] {
        var comparison = Comparison()
        comparison.compare(
            try #require(GoldenExchange(Self.golden)),
            TestResponse(status: status, headers: headers, body: Array(body.utf8), isComplete: isComplete))
        return comparison.differences
    }

    @Test func equalAnswersAreEqual() throws {
        #expect(try differences(#"{"id":"y","model":"tiny","created":77,"data":[1,2]}"#) == [])
    }

    @Test func everyKindOfDifferenceIsSeen() throws {
        let good = #"{"id":"y","model":"tiny","created":77,"data":[1,2]}"#
        try #expect(!differences(good, status: 201).isEmpty)
        try #expect(!differences(good, headers: ["Content-Type": "text/plain"]).isEmpty)
        try #expect(!differences(good, headers: ["Content-Type": "application/json", "Transfer-Encoding": "chunked"]).isEmpty)
        try #expect(!differences(good, isComplete: false).isEmpty)
        try #expect(!differences(#"{"id":"y","model":"tony","created":77,"data":[1,2]}"#).isEmpty)
        try #expect(!differences(#"{"id":"y","model":"tiny","created":"77","data":[1,2]}"#).isEmpty)
        try #expect(!differences(#"{"id":"y","model":"tiny","data":[1,2]}"#).isEmpty)
        try #expect(!differences(#"{"id":"y","model":"tiny","created":77,"data":[1,2],"more":1}"#).isEmpty)
        try #expect(!differences(#"{"id":"y","model":"tiny","created":77,"data":[1]}"#).isEmpty)
        try #expect(!differences("no json").isEmpty)
    }

    @Test func linesAreComparedOneByOne() throws {
        var golden = try #require(GoldenExchange(Self.golden))
        golden.json = nil
        golden.lines = [#"data: {"a":1}"#, "", "data: [DONE]", ""]
        func lineDifferences(_ text: String) -> [String] {
            var comparison = Comparison()
            comparison.compare(
                golden,
                TestResponse(status: 200, headers: ["Content-Type": "application/json"], body: Array(text.utf8), isComplete: true)
            )
            return comparison.differences
        }
        #expect(lineDifferences("data: {\"a\":1}\n\ndata: [DONE]\n") == [])
        #expect(!lineDifferences("data: {\"a\":1}\n\ndata: [DONE]").isEmpty)
        #expect(!lineDifferences("data: {\"a\":2}\n\ndata: [DONE]\n").isEmpty)
        #expect(!lineDifferences("{\"a\":1}\n\ndata: [DONE]\n").isEmpty)
        #expect(!lineDifferences("data: {\"a\":1}\n\ndata: [STOP]\n").isEmpty)
    }
}
