import NIOHTTP1
import Testing

@testable import DemoEngine

/// The small parts of the stand-in, and what bad input does to the whole.
@Suite struct PartsTests {
    @Test(arguments: [
        ("10m", 600.0), ("1.5h", 5400), ("1h30m", 5400), ("300ms", 0.3), ("2us", 2e-6), ("7ns", 7e-9), ("-1m", -60), ("+5s", 5),
        ("0", 0), (".5s", 0.5),
    ])
    func goDurations(_ text: String, _ seconds: Double) throws {
        let value = try #require(KeepAlive.goDuration(text))
        #expect(abs(value - seconds) < 1e-12)
    }

    @Test(arguments: ["", "soon", "5", "m", "1x", "1.2.3s", "5 m", "-", "1h30", "١s"]) func noGoDurations(_ text: String) {
        #expect(KeepAlive.goDuration(text) == nil)
    }

    @Test func wallTimes() {
        #expect(WallTime(seconds: 0).text == "1970-01-01T00:00:00.000000000Z")
        #expect(WallTime(seconds: 1_709_210_096, nanoseconds: 7).text == "2024-02-29T12:34:56.000000007Z")
        #expect(WallTime(seconds: 4_102_444_799).text == "2099-12-31T23:59:59.000000000Z")
        #expect(WallTime(seconds: -1).text == "1969-12-31T23:59:59.000000000Z")
    }

    @Test(arguments: [
        ("localhost", true), ("localhost:11434", true), ("127.0.0.1:1", true), ("10.1.2.3", true), ("192.168.1.9:80", true),
        ("172.16.0.1", true), ("172.32.0.1", false), ("8.8.8.8", false), ("[::1]:11434", true), ("[2001:db8::1]", false),
        ("box.local", true), ("a.internal:5", true), ("evil.example", false), ("local.evil.example", false), ("", true),
    ])
    func hosts(_ header: String, _ isLocal: Bool) {
        #expect(Origins.isLocalHost(header) == isLocal)
    }

    @Test(arguments: [
        ("http://localhost", true), ("https://localhost:3000", true), ("http://127.0.0.1:5", true), ("app://x", true),
        ("http://localhost.evil.example", false), ("http://evil.example", false), ("null", false),
        ("chrome-extension://a", false),
    ])
    func origins(_ origin: String, _ isAllowed: Bool) {
        #expect(Origins.isAllowed(origin) == isAllowed)
    }

    @Test func schemaSamples() throws {
        func sample(_ schema: String) throws -> String {
            SchemaSample.make(try #require(JSONValue.parse(Array(schema.utf8)))).text
        }
        let weather =
            #"{"city":{"type":"string","enum":["Paris","Rome"]},"sunny":{"type":"boolean"},"degrees":{"type":"integer"}}"#
        #expect(try sample(#"{"type":"object","properties":\#(weather)}"#) == #"{"city":"Paris","degrees":1,"sunny":true}"#)
        #expect(try sample(#"{"type":"array","minItems":2,"items":{"anyOf":[{"const":7},{"type":"null"}]}}"#) == "[7,7]")
        #expect(try sample(##"{"$ref":"#/$defs/A","$defs":{"A":{"type":["number","null"],"minimum":2.5}}}"##) == "2.5")
        // What names itself, is huge, or is no schema ends all the same.
        let tree = ##"{"type":"object","properties":{"l":{"$ref":"#"},"r":{"$ref":"#/"},"s":{"$ref":"#/x/y"}}}"##
        #expect(try sample(tree).utf8.count < 100_000)
        #expect(try sample(#"{"type":"array","minItems":4000000000,"items":{"type":"array","items":{}}}"#).utf8.count < 100_000)
        for odd in ["null", "[]", "7", "{}", #"{"type":5,"properties":[],"enum":[]}"#, #"{"$ref":5}"#] {
            #expect(try ["null", "{}"].contains(sample(odd)), "\(odd)")
        }
    }

    @Test func names() {
        #expect(ModelName.full("tiny") == "tiny:latest")
        #expect(ModelName.full("host:5000/tiny") == "host:5000/tiny:latest")
        #expect(ModelName.key("TINY:Q4") == "tiny:q4")
        #expect(!ModelName.isValid("a b"))
        #expect(!ModelName.isValid(""))
        #expect(!ModelName.isValid(String(repeating: "a", count: 351)))
    }

    @Test func limitsCountTheHiddenTokens() {
        let prompt = DemoPrompt(messages: [(role: "user", content: "hi")], toolsJSON: nil)
        #expect(prompt.tokens == 18)
        func plan(_ limit: Int?, thinking: String? = nil, stops: [String] = []) -> AnswerPlan {
            AnswerPlan(prompt: prompt, reply: "one two three", thinking: thinking, limit: limit, stops: stops)
        }
        #expect(plan(nil).evalCount == 4)
        #expect(plan(-1).doneReason == "stop")
        #expect(plan(4).doneReason == "stop")
        #expect(plan(3).doneReason == "length")
        #expect(plan(3).count == 3)
        #expect(plan(0).count == 0)
        #expect(plan(nil, thinking: "a b").evalCount == 7)
        #expect(plan(2, thinking: "a b").count == 2)
        #expect(plan(3, thinking: "a b").count == 2)
        #expect(plan(4, thinking: "a b").count == 3)
        #expect(plan(nil, stops: [" three"]).count == 2)
        #expect(plan(nil, stops: ["", "one"]).count == 0)
    }

    @Test func jsonTexts() {
        let value: JSONValue = ["b": "<&>\"\\\u{1}\n", "a": [1, 2.5, true, nil]]
        #expect(value.text == #"{"b":"\u003c\u0026\u003e\"\\\u0001\n","a":[1,2.5,true,null]}"#)
        #expect(JSONValue.parse(Array(value.text.utf8))?["b"] == value["b"])
        #expect(JSONValue.goComplaint(Array("[1".utf8)) == "unexpected EOF")
        #expect(JSONValue.goComplaint(Array(" x".utf8)) == "invalid character 'x' looking for beginning of value")
    }

    /// Whatever a client sends gets an answer, and the connection goes on.
    @Test func badInputIsAnswered() async throws {
        let paths = [
            "/api/chat", "/api/generate", "/api/embed", "/api/embeddings", "/api/show", "/api/copy", "/api/pull", "/api/push",
            "/api/create", "/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses", "/v1/messages",
        ]
        let deep = String(repeating: "[", count: 100_000)
        let bodies = [
            "", "null", "[]", "5", "\"x\"", "{", "{}", "\u{FFFD}", deep, #"{"model":5}"#, #"{"model":null}"#, #"{"model":""}"#,
            #"{"model":"../../etc"}"#, #"{"model":"tiny","messages":[5,null,"x",{}],"stream":false,"max_tokens":1}"#,
            #"{"model":"tiny","messages":"x"}"#, #"{"model":"tiny","stream":"yes"}"#, #"{"model":"tiny","options":[]}"#,
            #"{"model":"tiny","prompt":"x","stream":false,"options":{"num_ctx":-9223372036854775808}}"#,
            #"{"model":"tiny","prompt":"x","stream":false,"options":{"num_ctx":9223372036854775807,"num_predict":-5}}"#,
            #"{"model":"tiny","prompt":"x","stream":false,"options":{"num_predict":1e300}}"#,
            #"{"model":"tiny","prompt":"x","stream":false,"keep_alive":1e300}"#,
            #"{"model":"tiny","prompt":"x","stream":false,"logprobs":true,"top_logprobs":-9}"#,
            #"{"model":"tiny-embed","input":"x","dimensions":-1}"#, #"{"model":"tiny-embed","input":{"a":1}}"#,
            #"{"source":"","destination":""}"#, #"{"model":"x","from":"nope"}"#,
        ]
        try await withEngine { engine async throws in
            let connection = try await TestConnection.open(port: engine.port)
            for path in paths {
                for body in bodies {
                    try await connection.send(.POST, path, body: Array(body.utf8))
                    let answer = try #require(await connection.response(), "\(path) \(body.prefix(80))")
                    #expect(answer.isComplete)
                }
            }
            #expect(engine.log.entries.allSatisfy { $0.outcome == .completed })
            await connection.close()
        }
    }

    /// A delay beyond all measure does not break the timers.
    @Test func absurdDelays() async throws {
        try await withEngine { engine async throws in
            engine.control.failure = FailurePlan(kind: .slowFirstByte, delayMilliseconds: .max)
            let connection = try await TestConnection.open(port: engine.port)
            try await connection.send(.POST, "/api/chat", body: Array(#"{"model":"tiny","messages":[{}]}"#.utf8))
            try await eventually { engine.log.entries.first?.admittedMilliseconds != nil }
            await connection.close()
            try await eventually { engine.log.entries.first?.outcome == .cancelled }
        }
    }
}
