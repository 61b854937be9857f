import NIOCore
import Testing

@testable import FastLane

/// Pictures and sound are counted in whichever API's form they stand: they decide which models may be asked.
@Suite struct BodyMediaTests {
    private func scan(_ text: String, _ route: LaneRoute) throws -> BodyScan {
        try BodyScanner.scan(ByteBuffer(string: text), route: route)
    }

    @Test(arguments: [
        (LaneRoute.openaiChat, #"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]}"#),
        (.messages, #"{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","data":"AA=="}}]}]}"#),
        (
            .messages,
            #"{"messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"image","source":{}}]}]}]}"#
        ),
        (.responses, #"{"input":[{"role":"user","content":[{"type":"input_image","image_url":"data:x"}]}]}"#),
        (.responses, #"{"input":[{"type":"function_call_output","output":[{"type":"input_image","image_url":"data:x"}]}]}"#),
        (.chat, #"{"messages":[{"role":"user","content":"x","images":["AA=="]}]}"#),
        (.generate, #"{"prompt":"x","images":["AA=="]}"#),
    ])
    func aPictureIsSeen(route: LaneRoute, body: String) throws {
        let found = try scan(body, route)
        #expect(found.imageCount == 1 && found.audioCount == 0)
    }

    @Test func soundIsHeard() throws {
        let part = #"{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}"#
        #expect(try scan(#"{"messages":[{"role":"user","content":[\#(part)]}]}"#, .openaiChat).audioCount == 1)
        #expect(try scan(#"{"input":[{"role":"user","content":[\#(part)]}]}"#, .responses).audioCount == 1)
    }

    @Test func textWithinItemsCounts() throws {
        let body =
            #"{"input":[{"role":"user","content":[{"type":"input_text","text":"four"}]},{"role":"user","content":"two2"}]}"#
        let found = try scan(body, .responses)
        #expect(found.textBytes == 8 && found.imageCount == 0)
    }

    @Test func filesOfANewModelAreFound() throws {
        let a = "sha256:" + String(repeating: "A", count: 64)
        let b = "sha256-" + String(repeating: "b", count: 64)
        let found = try scan(#"{"model":"m","files":{"x":"\#(a)","y":"\#(b)","z":7,"w":"no"},"adapters":{"q":"\#(a)"}}"#, .create)
        #expect(found.blobs == [a.lowercased(), "sha256:" + String(repeating: "b", count: 64)])
        #expect(try scan(#"{"files":["x"]}"#, .create).blobs.isEmpty)
    }
}
