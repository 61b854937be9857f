import Gossip
import NIOCore
import Testing

@testable import FastLane

@Suite struct BodyScannerTests {
    private func scan(_ text: String, _ route: LaneRoute = .chat) throws -> BodyScan {
        try BodyScanner.scan(ByteBuffer(string: text), route: route)
    }

    private func message(_ text: String, _ route: LaneRoute = .chat) -> String? {
        do {
            _ = try scan(text, route)
            return nil
        } catch let error as ScanError {
            return error.message
        } catch {
            return "other: \(error)"
        }
    }

    @Test func findsWhatRoutingNeeds() throws {
        let body = #"""
            { "stream" : false, "messages":[{"role":"user","content":"héllo","images":["aa","bb"]},
              {"role":"user","content":[{"type":"text","text":"four"},{"type":"image_url","image_url":{"url":"x"}}]}],
              "options":{"num_ctx":8192,"stop":["}"]}, "tools":[{"type":"function"}], "model":"Tiny:1b",
              "metadata":{"tags":["a","session:9"],"user_id":"u1"}, "fallback_models":["m1","m2"], "user":"bob", "fallback":false }
            """#
        let result = try scan(body)
        #expect(result.model == "Tiny:1b")
        #expect(result.stream == false)
        #expect(result.requestedContext == 8192)
        #expect(result.imageCount == 3)
        #expect(result.hasTools)
        #expect(result.tags == ["a", "session:9"])
        #expect(result.metadataUser == "u1")
        #expect(result.user == "bob")
        #expect(result.fallbackModels == ["m1", "m2"])
        #expect(result.fallbackAllowed == false)
        #expect(result.messageCount == 2)
        #expect(result.textBytes == 10)
        let range = try #require(result.modelRange)
        #expect(String(decoding: Array(body.utf8)[range], as: UTF8.self) == #""Tiny:1b""#)
    }

    @Test func lastOfTwoModelsCountsAsInTheEngines() throws {
        let body = #"{"model":"a","model":"b"}"#
        let result = try scan(body)
        #expect(result.model == "b")
        #expect(result.modelRange == 21..<24)
    }

    @Test func escapesAreDecodedInKeysAndValues() throws {
        #expect(try scan(#"{"mod\u0065l":"a\/b\n\ud83d\ude00\ud800"}"#).model == "a/b\n😀\u{FFFD}")
        #expect(try scan(#"{"\u006dodel":"x","nested":{"model":"y"},"list":[{"model":"z"}]}"#).model == "x")
    }

    @Test func longSystemPromptsHaveAPrefix() throws {
        let system = String(repeating: "rule ", count: 2_000)
        let one = try scan(#"{"messages":[{"role":"system","content":"\#(system)"},{"role":"user","content":"a"}]}"#)
        let two = try scan(#"{"messages":[{"role":"system","content":"\#(system)"},{"role":"user","content":"b"}]}"#)
        #expect(one.prefix != nil)
        #expect(one.prefix == two.prefix)
        #expect(try scan(#"{"messages":[{"role":"system","content":"short"}]}"#).prefix == nil)
    }

    @Test(arguments: [
        (#"{bad"#, "invalid character 'b' looking for beginning of object key string"),
        (#"{"a" 1}"#, "invalid character '1' after object key"),
        (#"{"a":1 "b":2}"#, "invalid character '\"' after object key:value pair"),
        (#"[1 2]"#, "invalid character '2' after array element"),
        (#"{"a":x}"#, "invalid character 'x' looking for beginning of value"),
        (#"{"a":1,}"#, "invalid character '}' looking for beginning of object key string"),
        (#"{"a":[1,]}"#, "invalid character ']' looking for beginning of value"),
        (#"{"a":tru}"#, "invalid character '}' in literal true (expecting 'e')"),
        (#"{"a":nil}"#, "invalid character 'i' in literal null (expecting 'u')"),
        (#"{"a":-x}"#, "invalid character 'x' in numeric literal"),
        (#"{"a":1.x}"#, "invalid character 'x' after decimal point in numeric literal"),
        (#"{"a":1ex}"#, "invalid character 'x' in exponent of numeric literal"),
        (#"{"a":01}"#, "invalid character '1' after object key:value pair"),
        (#"{"a":"\x"}"#, "invalid character 'x' in string escape code"),
        (#"{"a":"\u12g4"}"#, #"invalid character 'g' in \u hexadecimal character escape"#),
        ("{\"a\":\"b\nc\"}", "invalid character '\\n' in string literal"),
        (#"{"a":1"#, "unexpected EOF"),
        (#"{"a":"b"#, "unexpected EOF"),
        (#"{"#, "unexpected EOF"),
        (#"{"a":1} x"#, "invalid character 'x' after top-level value"),
        (#"{}}"#, "invalid character '}' after top-level value"),
        (#"[1]"#, "json: cannot unmarshal array into Go value of type api.ChatRequest"),
        (#""text""#, "json: cannot unmarshal string into Go value of type api.ChatRequest"),
        (#"{"model":5}"#, "json: cannot unmarshal number into Go struct field ChatRequest.model of type string"),
        (#"{"stream":"yes"}"#, "json: cannot unmarshal string into Go struct field ChatRequest.stream of type bool"),
        ("  \n ", "EOF"),
    ])
    func badBodies(_ body: String, _ expected: String) {
        #expect(message(body) == expected)
    }

    @Test func deepNestingIsRefusedNotFollowed() {
        #expect(message(String(repeating: "[", count: 100_000)) == "exceeded max depth")
        #expect(message(#"{"a":"# + String(repeating: "[", count: 400) + String(repeating: "]", count: 400) + "}") == nil)
    }

    @Test func nullsAndOddTypesElsewhereAreLeftToTheEngine() throws {
        let result = try scan(#"{"model":null,"stream":null,"options":[],"metadata":7,"tools":null,"messages":"x","num_ctx":1}"#)
        #expect(result.model == nil)
        #expect(result.stream == nil)
        #expect(!result.hasTools)
        #expect(try scan("null").model == nil)
        #expect(try scan(#"{"options":{"num_ctx":-1}}"#).requestedContext == nil)
        #expect(try scan(#"{"options":{"num_ctx":99999999999999999999999}}"#).requestedContext == nil)
    }

    /// Whatever the bytes: an answer or an error, never a trap, and the same for every cut.
    @Test func fuzzedBodiesNeverTrap() {
        var generator = SeededGenerator(seed: 20_261_121)
        let seeds = [
            #"{"model":"tiny","messages":[{"role":"user","content":"hi","images":["a"]}],"stream":true,"#
                + #""options":{"num_ctx":4096}}"#,
            #"{"model":"a\u00e9\ud83d\ude00","metadata":{"tags":["x"]},"fallback_models":["b"],"x":[1.5e-3,-0,null,false]}"#,
        ].map { Array($0.utf8) }
        var accepted = 0
        for round in 0..<20_000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                let at = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(contentsOf: bytes[..<at].suffix(5), at: at)
                default: bytes.removeLast(bytes.count - at)
                }
                if bytes.isEmpty { bytes = [0x7B] }
            }
            if let result = try? BodyScanner.scan(ByteBuffer(bytes: bytes), route: .chat) {
                accepted += 1
                if let range = result.modelRange { #expect(range.upperBound <= bytes.count) }
            }
        }
        #expect(accepted > 1_000 && accepted < 19_000)
    }
}
