import NIOHTTP1
import Testing

@testable import DemoEngine

/// Replays the recorded requests of a real Ollama server against the stand-in.
@Suite struct GoldenTests {
    /// Recordings that hold several exchanges; each has its own test below.
    static let compound: Set<String> = ["err-queue-full-503", "runner-killed-mid-stream"]

    /// Requests that must run first, by the names of their recordings.
    static let preparations: [String: [String]] = [
        "delete": ["copy"],
        "create-delete": ["create-from"],
        "ps": ["chat-think-off", "chat-keepalive-string"],
        "ps-forever": ["chat-think-off", "chat-keepalive-forever"],
        "unload-chat": ["chat"],
        "unload-embed": ["embed"],
        "unload-generate": ["chat-think"],
    ]

    /// Where a recording differs on purpose, and why.
    static let exceptions: [String: (ignored: [String], reason: String)] = [
        "chat-logprobs": (
            ["top_logprobs[1]"], "the runner-up tokens depend on the weights; their keys and number are compared"
        )
    ]

    /// The recorded server had no way out: the words of the network error are its own.
    static let networkErrors: Set<String> = ["pull-offline", "pull-offline-stream", "push-offline"]

    static let replayed: [String] = ((try? Golden.names("ollama")) ?? []).filter { !compound.contains($0) }

    @Test func theRecordingsAreThere() throws {
        let names = Set(try Golden.names("ollama"))
        #expect(names.count >= 133)
        // No entry of the lists above may outlive its recording.
        #expect(Self.compound.isSubset(of: names))
        #expect(Set(Self.preparations.keys).isSubset(of: names))
        #expect(Set(Self.exceptions.keys).isSubset(of: names))
        #expect(Self.networkErrors.isSubset(of: names))
    }

    @Test(arguments: replayed) func replay(_ name: String) async throws {
        let golden = try #require(GoldenExchange(try Golden.load("ollama", name)))
        try await withEngine(Self.recordedServer) { engine async throws in
            for preparation in Self.preparations[name] ?? [] {
                let earlier = try #require(GoldenExchange(try Golden.load("ollama", preparation)))
                let answer = try await Self.send(earlier, to: engine)
                #expect(answer?.status == 200)
            }
            var comparison = Comparison()
            comparison.ignoresErrorText = Self.networkErrors.contains(name)
            comparison.compare(golden, try await Self.send(golden, to: engine))
            let ignored = Self.exceptions[name]?.ignored ?? []
            let differences = comparison.differences.filter { line in !ignored.contains { line.contains($0) } }
            #expect(differences.isEmpty, "\(name): \(differences.joined(separator: "\n"))")
        }
    }

    /// The 503 of a full queue in each dialect.
    @Test func aFullQueue() async throws {
        guard case .object(let exchanges) = try Golden.load("ollama", "err-queue-full-503") else {
            Issue.record("the recording is no object")
            return
        }
        #expect(exchanges.count == 4)
        for exchange in exchanges {
            let golden = try #require(GoldenExchange(exchange.value))
            try await withEngine(Self.recordedServer) { engine async throws in
                engine.control.failure = FailurePlan(kind: .busy503)
                var comparison = Comparison()
                comparison.compare(golden, try await Self.send(golden, to: engine))
                #expect(comparison.differences.isEmpty, "\(exchange.key): \(comparison.differences)")
            }
        }
    }

    /// What each route says when its runner dies after some tokens.
    @Test(arguments: [
        ("api-chat", "/api/chat", true), ("api-generate", "/api/generate", true), ("v1-chat", "/v1/chat/completions", true),
        ("v1-messages", "/v1/messages", true), ("v1-responses", "/v1/responses", true), ("api-chat-nostream", "/api/chat", false),
    ])
    func aDyingRunner(_ name: String, _ path: String, _ isStream: Bool) async throws {
        let recording = try #require(try Golden.load("ollama", "runner-killed-mid-stream")[name])
        try await withEngine(Self.recordedServer) { engine async throws in
            engine.control.failure = FailurePlan(kind: .errorMidStream, afterTokens: 5)
            let body: JSONValue = [
                "model": "tiny", "stream": .bool(isStream), "max_tokens": 50, "prompt": "hi", "input": "hi",
                "messages": [["role": "system", "content": "LONG"], ["role": "user", "content": "hi"]],
            ]
            let answer = try #require(
                try await TestConnection.request(port: engine.port, .POST, path, body: Array(body.text.utf8)))
            #expect(answer.status == recording["status"]?.integer.map(Int.init))
            #expect(answer.headers.first(name: "content-type") == recording["content_type"]?.string)
            #expect(answer.isComplete == recording["clean_end"]?.bool)
            let expected = try #require(recording["last_lines"]?.array?.last?.string)
            let last = try #require(answer.lines.last { !$0.isEmpty })
            #expect(Self.shape(last) == Self.shape(expected))
            for marker in ["\"done\":true", "[DONE]", "message_stop", "response.completed"] {
                #expect(!answer.text.contains(marker))
            }
        }
    }

    /// A line with its words and numbers made equal.
    private static func shape(_ line: String) -> String {
        let start = line.firstIndex(of: "{") ?? line.endIndex
        let json = JSONValue.parse(Array(line[start...].utf8))?.text ?? ""
        let words = json.replacing(/\ tick[0-9]+|Hello|\ from|\ the|\ tiny|\ herd/, with: "WORD")
        return line[..<start] + words.replacing(/[0-9]+/, with: "0").replacing(/"created_at":"[^"]*"/, with: "")
    }

    static var recordedServer: DemoEngineConfiguration {
        var configuration = DemoEngineConfiguration()
        configuration.version = "0.33.0-rc2"
        return configuration
    }

    static func send(_ golden: GoldenExchange, to engine: DemoEngine) async throws -> TestResponse? {
        try await TestConnection.request(
            port: engine.port, golden.method, golden.path, headers: golden.headers, body: golden.body)
    }
}

/// Runs a test against an engine of its own.
func withEngine(
    _ configuration: DemoEngineConfiguration = DemoEngineConfiguration(), host: String = "127.0.0.1",
    _ body: (DemoEngine) async throws -> Void
) async throws {
    let engine = try await DemoEngine.start(host: host, configuration: configuration)
    do {
        try await body(engine)
    } catch {
        await engine.stop()
        throw error
    }
    await engine.stop()
}
