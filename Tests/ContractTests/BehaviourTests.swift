import NIOCore
import NIOHTTP1
import Testing

@testable import DemoEngine

/// What no single recording shows: time, order, cancelling, failures.
@Suite struct BehaviourTests {
    private static let long = Array(
        #"{"model":"tiny","messages":[{"role":"system","content":"LONG"},{"role":"user","content":"go"}]}"#.utf8)
    private static let short = Array(#"{"model":"tiny","stream":false,"messages":[{"role":"user","content":"hi"}]}"#.utf8)

    @Test func aStreamStopsWhenItsClientLeaves() async throws {
        try await withEngine(Self.slow(.milliseconds(2))) { engine async throws in
            let connection = try await TestConnection.open(port: engine.port)
            try await connection.send(.POST, "/api/chat", body: Self.long)
            #expect(await connection.bodyPart(containing: "tick3") != nil)
            await connection.close()
            try await eventually { engine.log.entries.first?.outcome == .cancelled }
            #expect((engine.log.entries.first?.tokens ?? 0) < 10_000)
            // The slot is free again.
            engine.control.settings.tokenDelay = .zero
            let next = try await TestConnection.request(port: engine.port, .POST, "/api/chat", body: Self.short)
            #expect(next?.status == 200)
        }
    }

    @Test func aWholeAnswerStopsWhenItsClientLeaves() async throws {
        try await withEngine(Self.slow(.seconds(60))) { engine async throws in
            let connection = try await TestConnection.open(port: engine.port)
            try await connection.send(.POST, "/api/chat", body: Self.short)
            try await eventually { engine.log.entries.first?.admittedMilliseconds != nil }
            await connection.close()
            try await eventually { engine.log.entries.first?.outcome == .cancelled }
        }
    }

    @Test func slotsAreGivenInOrderAndWaitersCanLeave() async throws {
        try await withEngine(Self.slow(.seconds(60))) { engine async throws in
            var connections: [TestConnection] = []
            for number in 1...4 {
                let connection = try await TestConnection.open(port: engine.port)
                try await connection.send(.POST, "/api/chat", body: Self.short)
                try await eventually { engine.log.count == number }
                connections.append(connection)
            }
            try await eventually { engine.log.entries[0].admittedMilliseconds != nil }
            #expect(engine.log.entries.dropFirst().allSatisfy { $0.admittedMilliseconds == nil })
            // The second leaves while it waits; the first ends; the third is next, not the fourth.
            await connections[1].close()
            try await eventually { engine.log.entries[1].outcome == .cancelled }
            await connections[0].close()
            try await eventually { engine.log.entries[2].admittedMilliseconds != nil }
            #expect(engine.log.entries[3].admittedMilliseconds == nil)
            #expect(engine.log.entries[1].admittedMilliseconds == nil)
            await connections[2].close()
            try await eventually { engine.log.entries[3].admittedMilliseconds != nil }
            await connections[3].close()
        }
    }

    @Test func twoSlotsRunTwoAndTheNextGets503WhenTheLineIsFull() async throws {
        var configuration = Self.slow(.seconds(60))
        configuration.slotsPerModel = 2
        configuration.maximumWaiting = 1
        try await withEngine(configuration) { engine async throws in
            var connections: [TestConnection] = []
            for number in 1...3 {
                let connection = try await TestConnection.open(port: engine.port)
                try await connection.send(.POST, "/api/chat", body: Self.short)
                try await eventually { engine.log.count == number }
                connections.append(connection)
            }
            try await eventually { engine.log.entries.filter { $0.admittedMilliseconds != nil }.count == 2 }
            let refused = try await TestConnection.request(port: engine.port, .POST, "/api/chat", body: Self.short)
            #expect(refused?.status == 503)
            for connection in connections { await connection.close() }
        }
    }

    @Test func aClientThatDoesNotReadStopsTheTokens() async throws {
        try await withEngine { engine async throws in
            let connection = try await TestConnection.open(port: engine.port, autoRead: false)
            try await connection.send(.POST, "/api/chat", body: Self.long)
            // Buffers of the kernel fill, then nothing moves.
            var last = -1
            try await eventually {
                let now = engine.log.entries.first?.tokens ?? 0
                defer { last = now }
                return now > 0 && now == last
            }
            #expect((engine.log.entries.first?.tokens ?? 0) < DemoEngineConfiguration().longLimit)
            #expect(engine.log.entries.first?.outcome == .running)
            await connection.close()
            try await eventually { engine.log.entries.first?.outcome == .cancelled }
        }
    }

    @Test func theLongAnswerHasAnEnd() async throws {
        var configuration = DemoEngineConfiguration()
        configuration.longLimit = 5000
        try await withEngine(configuration) { engine async throws in
            let connection = try await TestConnection.open(port: engine.port)
            try await connection.send(.POST, "/api/chat", body: Self.long)
            let answer = try #require(await connection.response())
            #expect(answer.isComplete)
            let last = try #require(JSONValue.parse(Array((answer.lines.dropLast().last ?? "").utf8)))
            #expect(last["eval_count"]?.integer == 5000)
            #expect(last["done_reason"]?.string == "length")
            await connection.close()
        }
    }

    @Test func oneConnectionServesManyRequests() async throws {
        try await withEngine { engine async throws in
            let connection = try await TestConnection.open(port: engine.port)
            for path in ["/api/version", "/api/nope", "/api/tags", "/v1/models", "/api/ps"] {
                try await connection.send(.GET, path)
                #expect(await connection.response()?.isComplete == true)
            }
            try await connection.send(.POST, "/api/chat", body: Array("{bad".utf8))
            #expect(await connection.response()?.status == 400)
            try await connection.send(.POST, "/api/chat", body: Self.short)
            #expect(await connection.response()?.status == 200)
            await connection.close()
            #expect(engine.log.count == 7)
        }
    }

    @Test func aSecondLoadIsNotNeededAndKeepAliveEnds() async throws {
        var configuration = DemoEngineConfiguration()
        configuration.loadTime = .milliseconds(30)
        try await withEngine(configuration) { engine async throws in
            func chat(_ more: String) async throws -> JSONValue {
                let body = #"{"model":"tiny","stream":false,"messages":[{"role":"user","content":"hi"}]\#(more)}"#
                let answer = try await TestConnection.request(port: engine.port, .POST, "/api/chat", body: Array(body.utf8))
                return try #require(JSONValue.parse(answer?.body ?? []))
            }
            func loadMilliseconds(_ value: JSONValue) -> Int64 { (value["load_duration"]?.integer ?? 0) / 1_000_000 }
            func loaded() async throws -> [JSONValue] {
                let answer = try await TestConnection.request(port: engine.port, .GET, "/api/ps")
                return try #require(JSONValue.parse(answer?.body ?? [])?["models"]?.array)
            }
            #expect(loadMilliseconds(try await chat("")) >= 30)
            #expect(loadMilliseconds(try await chat("")) < 30)
            // Another context is a reload; so is one after the time is over.
            #expect(loadMilliseconds(try await chat(#","options":{"num_ctx":1024}"#)) >= 30)
            #expect(try await loaded().first?["context_length"]?.integer == 1024)
            _ = try await chat(#","keep_alive":"1ms""#)
            try await eventually { try await loaded().isEmpty }
            #expect(loadMilliseconds(try await chat(#","keep_alive":-1"#)) >= 30)
            #expect(try await loaded().first?["expires_at"]?.string?.hasPrefix("23") == true)
            _ = try await chat(#","keep_alive":0"#)
            #expect(try await loaded().isEmpty)
        }
    }

    @Test func stoppingCutsEverythingOff() async throws {
        let engine = try await DemoEngine.start(configuration: Self.slow(.seconds(60)))
        let running = try await TestConnection.open(port: engine.port)
        let waiting = try await TestConnection.open(port: engine.port)
        try await running.send(.POST, "/api/chat", body: Self.short)
        try await waiting.send(.POST, "/api/chat", body: Self.short)
        try await eventually { engine.log.count == 2 }
        await engine.stop()
        #expect(await running.response() == nil)
        #expect(await waiting.response() == nil)
        await #expect(throws: (any Error).self) { try await TestConnection.open(port: engine.port) }
    }

    @Test func anEngineOnAllAddressesHasNoDemoRoutesAndNoHostCheck() async throws {
        try await withEngine(host: "0.0.0.0") { engine async throws in
            #expect(try await TestConnection.request(port: engine.port, .GET, "/demo/log")?.status == 404)
            #expect(try await TestConnection.request(port: engine.port, .POST, "/demo/control", body: [])?.status == 404)
            let foreign = try await TestConnection.request(port: engine.port, .GET, "/", headers: [("Host", "evil.example")])
            #expect(foreign?.status == 200)
        }
    }

    @Test func aBodyBeyondTheLimitIsRefused() async throws {
        var configuration = DemoEngineConfiguration()
        configuration.maximumBody = 1000
        try await withEngine(configuration) { engine async throws in
            let answer = try await TestConnection.request(
                port: engine.port, .POST, "/api/chat", body: [UInt8](repeating: UInt8(ascii: " "), count: 5000))
            #expect(answer?.status == 413)
        }
    }

    @Test func aToolsAnswerGetsThePlainReply() async throws {
        try await withEngine { engine async throws in
            let tools = #"[{"type":"function","function":{"name":"get_weather"}}]"#
            let messages =
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":""},{"role":"tool","content":"sunny"}]"#
            let body = #"{"model":"tiny","stream":false,"tools":\#(tools),"messages":\#(messages)}"#
            let answer = try await TestConnection.request(port: engine.port, .POST, "/api/chat", body: Array(body.utf8))
            let message = try #require(JSONValue.parse(answer?.body ?? [])?["message"])
            #expect(message["content"]?.string?.hasPrefix("Hello from") == true)
            #expect(message["tool_calls"] == nil)
        }
    }

    @Test func aPulledModelIsThere() async throws {
        var configuration = DemoEngineConfiguration()
        configuration.pullable = [DemoModel(name: "extra")]
        try await withEngine(configuration) { engine async throws in
            let body = Array(#"{"model":"extra"}"#.utf8)
            let answer = try await TestConnection.request(port: engine.port, .POST, "/api/pull", body: body)
            #expect(answer?.lines.first == #"{"status":"pulling manifest"}"#)
            #expect(answer?.lines.dropLast().last == #"{"status":"success"}"#)
            let tags = try await TestConnection.request(port: engine.port, .GET, "/api/tags")
            let first = JSONValue.parse(tags?.body ?? [])?["models"]?.array?.first
            #expect(first?["name"]?.string == "extra:latest")
        }
    }

    @Test func vectorsAreNormalAndRepeatable() {
        let first = DemoVector.make("one", width: 128)
        #expect(first == DemoVector.make("one", width: 128))
        #expect(first != DemoVector.make("two", width: 128))
        for dimensions in [nil, 4, 1] {
            let vector = DemoVector.make("one", width: 128, dimensions: dimensions)
            #expect(vector.count == dimensions ?? 128)
            #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4)
        }
        #expect(DemoVector.base64([1]) == "AACAPw==")
        #expect(DemoVector.base64([1, 2, 3]) == "AACAPwAAAEAAAEBA")
    }

    private static func slow(_ delay: Duration) -> DemoEngineConfiguration {
        var configuration = DemoEngineConfiguration()
        configuration.tokenDelay = delay
        return configuration
    }
}

/// Waits until the condition holds; gives up after 20 s.
func eventually(_ condition: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record("the condition did not come true")
}
