import NIOHTTP1
import Testing

@testable import DemoEngine

/// The ways in which the stand-in fails when it is told to.
@Suite struct FailureTests {
    private static let stream = Array(#"{"model":"tiny","messages":[{"role":"user","content":"hi"}]}"#.utf8)
    private static let whole = Array(#"{"model":"tiny","stream":false,"messages":[{"role":"user","content":"hi"}]}"#.utf8)

    private func chat(_ engine: DemoEngine, _ body: [UInt8] = stream) async throws -> TestResponse? {
        try await TestConnection.request(port: engine.port, .POST, "/api/chat", body: body)
    }

    @Test func status500() async throws {
        try await withEngine { engine async throws in
            engine.control.failure = FailurePlan(kind: .status500)
            let answer = try await chat(engine)
            #expect(answer?.status == 500)
            #expect(JSONValue.parse(answer?.body ?? [])?["error"]?.string != nil)
        }
    }

    @Test func closeBeforeFirstByte() async throws {
        try await withEngine { engine async throws in
            engine.control.failure = FailurePlan(kind: .closeBeforeFirstByte)
            #expect(try await chat(engine) == nil)
            #expect(engine.log.entries.first?.outcome == .failed)
            #expect(engine.log.entries.first?.status == nil)
        }
    }

    @Test func closeMidStream() async throws {
        try await withEngine { engine async throws in
            engine.control.failure = FailurePlan(kind: .closeMidStream, afterTokens: 5)
            let streamed = try #require(try await chat(engine))
            #expect(streamed.status == 200)
            #expect(!streamed.isComplete)
            #expect(streamed.lines.count == 6)
            #expect(!streamed.text.contains("\"done\":true"))
            let whole = try #require(try await chat(engine, Self.whole))
            #expect(whole.status == 200)
            #expect(!whole.isComplete)
            #expect(JSONValue.parse(whole.body) == nil)
        }
    }

    @Test func hangEndsWhenTheClientLeaves() async throws {
        try await withEngine { engine async throws in
            engine.control.failure = FailurePlan(kind: .hang, next: 1)
            let connection = try await TestConnection.open(port: engine.port)
            try await connection.send(.POST, "/api/chat", body: Self.stream)
            try await eventually { engine.log.entries.first?.admittedMilliseconds != nil }
            #expect(engine.log.entries.first?.outcome == .running)
            await connection.close()
            try await eventually { engine.log.entries.first?.outcome == .cancelled }
            #expect(try await chat(engine)?.status == 200)
        }
    }

    @Test func slowFirstByte() async throws {
        try await withEngine { engine async throws in
            engine.control.failure = FailurePlan(kind: .slowFirstByte, delayMilliseconds: 80)
            let start = ContinuousClock.now
            #expect(try await chat(engine)?.isComplete == true)
            #expect(ContinuousClock.now - start >= .milliseconds(80))
        }
    }

    @Test func nextAndEvery() async throws {
        try await withEngine { engine async throws in
            engine.control.failure = FailurePlan(kind: .status500, next: 2)
            var statuses: [Int?] = []
            for _ in 0..<4 { statuses.append(try await chat(engine)?.status) }
            #expect(statuses == [500, 500, 200, 200])
            #expect(engine.control.failure == nil)
            engine.control.failure = FailurePlan(kind: .busy503, every: 3)
            statuses = []
            for _ in 0..<6 { statuses.append(try await chat(engine)?.status) }
            #expect(statuses == [200, 200, 503, 200, 200, 503])
            // Other routes never fail.
            engine.control.failure = FailurePlan(kind: .status500)
            #expect(try await TestConnection.request(port: engine.port, .GET, "/api/tags")?.status == 200)
        }
    }

    @Test func embeddingsFailToo() async throws {
        try await withEngine { engine async throws in
            engine.control.failure = FailurePlan(kind: .busy503)
            let body = Array(#"{"model":"tiny-embed","input":"one"}"#.utf8)
            #expect(try await TestConnection.request(port: engine.port, .POST, "/api/embed", body: body)?.status == 503)
        }
    }

    @Test func theControlRoute() async throws {
        try await withEngine { engine async throws in
            func post(_ text: String) async throws -> TestResponse? {
                try await TestConnection.request(port: engine.port, .POST, "/demo/control", body: Array(text.utf8))
            }
            let failure = #""failure":{"kind":"closeMidStream","every":2,"after_tokens":4}"#
            let set = try await post(#"{\#(failure),"token_delay_ms":1.5,"load_time_ms":10,"slots":3}"#)
            #expect(set?.status == 200)
            #expect(engine.control.failure == FailurePlan(kind: .closeMidStream, every: 2, afterTokens: 4))
            #expect(
                engine.control.settings
                    == DemoSettings(tokenDelay: .milliseconds(1.5), loadTime: .milliseconds(10), slotsPerModel: 3))
            // A missing key changes nothing, null ends the failure.
            #expect(try await post(#"{"slots":0}"#)?.status == 200)
            #expect(engine.control.settings.slotsPerModel == 1)
            #expect(engine.control.failure != nil)
            #expect(try await post(#"{"failure":null}"#)?.status == 200)
            #expect(engine.control.failure == nil)
            let shown = try await TestConnection.request(port: engine.port, .GET, "/demo/control")
            #expect(JSONValue.parse(shown?.body ?? [])?["token_delay_ms"] == .number(1.5))
            for bad in ["", "{", "[]", #"{"failure":{"kind":"explode"}}"#, #"{"slots":"many"}"#] {
                #expect(try await post(bad)?.status == 400)
            }
        }
    }

    @Test func theLogRoute() async throws {
        try await withEngine { engine async throws in
            _ = try await chat(engine)
            let answer = try await TestConnection.request(port: engine.port, .GET, "/demo/log")
            let first = try #require(JSONValue.parse(answer?.body ?? [])?.array?.first)
            #expect(first["path"]?.string == "/api/chat")
            #expect(first["model"]?.string == "tiny")
            #expect(first["outcome"]?.string == "completed")
            #expect(first["tokens"]?.integer == 23)
            #expect(first["body"]?.string == String(decoding: Self.stream, as: UTF8.self))
            #expect(try await TestConnection.request(port: engine.port, .DELETE, "/demo/log")?.status == 200)
            #expect(engine.log.entries.isEmpty)
        }
    }

    @Test func theLogForgetsTheOldest() {
        let log = DemoLog(limit: 3)
        for number in 1...100 {
            #expect(log.begin(method: "GET", path: "/\(number)", body: "", headers: []) == number)
            #expect(log.entries.count < 6)
        }
        log.update(1) { $0.tokens = 5 }
        log.update(100) { $0.tokens = 7 }
        #expect(log.entries.last?.tokens == 7)
        #expect(log.count == 100)
    }
}
