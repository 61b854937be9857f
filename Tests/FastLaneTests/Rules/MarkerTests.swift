import NIOCore
import Testing

@testable import FastLane

@Suite struct MarkerTests {
    private func watch(_ kind: ContentKind, _ text: String, step: Int) -> MarkerWatch {
        var watch = MarkerWatch(kind: kind)
        let bytes = Array(text.utf8)
        var at = 0
        while at < bytes.count {
            bytes[at..<min(bytes.count, at + step)].withUnsafeBytes { watch.feed($0) }
            at += step
        }
        return watch
    }

    @Test(arguments: [1, 2, 5, 10_000])
    func ndjson(step: Int) {
        #expect(watch(.ndjson, Lines.token("a") + Lines.last, step: step).sawTerminal)
        #expect(!watch(.ndjson, Lines.token("a"), step: step).sawTerminal)
        let tool = #"{"message":{"tool_calls":[{"function":{"arguments":{"done":true,"error":"x"}}}]},"done":false}"# + "\n"
        #expect(!watch(.ndjson, tool, step: step).sawTerminal)
        #expect(!watch(.ndjson, tool, step: step).sawError)
        let text = #"{"response":"say \"done\":true, \\","done":false}"# + "\n"
        #expect(!watch(.ndjson, text, step: step).sawTerminal)
        #expect(watch(.ndjson, #"{"a":1, "done" : true, "context":[1,2]}"#, step: step).sawTerminal)
        #expect(watch(.ndjson, #"{"error":"boom"}"# + "\n", step: step).sawError)
        #expect(!watch(.ndjson, #"{"error":null,"done":false}"# + "\n", step: step).sawError)
        // A torn line does not spoil the next.
        #expect(watch(.ndjson, #"{"message":{"content":["# + "\n" + Lines.last, step: step).sawTerminal)
    }

    @Test(arguments: [1, 3, 10_000])
    func events(step: Int) {
        let data = #"data: {"choices":[{"delta":{"content":"[DONE] data: [DONE]"}}]}"# + "\n\n"
        #expect(!watch(.sse, data, step: step).sawTerminal)
        #expect(watch(.sse, data + "data: [DONE]\n\n", step: step).sawTerminal)
        #expect(watch(.sse, "data:[DONE]\n", step: step).sawTerminal)
        #expect(watch(.sse, #"data: {"error":{"message":"x"}}"# + "\n\n", step: step).sawError)
        #expect(!watch(.sse, data, step: step).sawError)
    }

    @Test func theTailIsBoundedAndHoldsTheEnd() {
        let long = String(repeating: Lines.token("word"), count: 2_000) + Lines.last
        let seen = watch(.ndjson, long, step: 777)
        #expect(seen.tail.readableBytes <= 4 * MarkerWatch.tailBytes)
        #expect(TokenCounts(tail: seen.tail).completion == 3)
        #expect(seen.atEventStart)
    }

    @Test func tokenCountsOfBothDialects() {
        let openai =
            #"data: {"choices":[{"delta":{},"finish_reason":"length"}]}"# + "\n\n"
            + #"data: {"choices":[{"finish_reason":null}],"usage":{"prompt_tokens": 11,"completion_tokens":22,"total_tokens":33}}"#
        let counts = TokenCounts(tail: ByteBuffer(string: openai))
        #expect(counts.prompt == 11)
        #expect(counts.completion == 22)
        #expect(counts.finishReason == "length")
        #expect(TokenCounts(tail: ByteBuffer(string: "")).prompt == nil)
        #expect(TokenCounts(tail: ByteBuffer(string: "\"eval_count\"")).completion == nil)
        #expect(TokenCounts(tail: ByteBuffer(string: "\"prompt_eval_count\":5")).completion == nil)
        #expect(TokenCounts(tail: ByteBuffer(string: "\"finish_reason\":")).finishReason == nil)
    }
}
