import Testing

@testable import Translation

/// Lines and events, cut anywhere.
@Suite struct FramingTests {
    /// The events of `text` when it comes in pieces that end at `cuts`.
    private func events(_ text: String, cuts: [Int] = [], limit: Int = 100) throws(TranslationError) -> [String] {
        var reader = SSEReader(limit: limit)
        var events: [String] = []
        let bytes = Array(text.utf8)
        var from = 0
        for cut in cuts + [bytes.count] {
            reader.append(Array(bytes[from..<cut]))
            from = cut
            while let event = try reader.next() { events.append(String(decoding: event, as: UTF8.self)) }
        }
        if let event = try reader.rest() { events.append(String(decoding: event, as: UTF8.self)) }
        return events
    }

    @Test func eventsAreReadHoweverTheyAreCut() throws {
        let text = "\u{FEFF}data: a\n\n: note\nevent: x\r\ndata:b\r\ndata:  c\r\n\r\nid: 3\n\nerror: {}\n\ndata\n\ndata: end"
        let expected = ["a", "b\n c", "{}", "", "end"]
        #expect(try events(text) == expected)
        let count = text.utf8.count
        for cut in 0...count { #expect(try events(text, cuts: [cut]) == expected) }
        #expect(try events(text, cuts: Array(0...count)) == expected)
    }

    @Test func longLinesAndEventsAreRefused() {
        let words = "the engine sent a line of more than 100 bytes"
        #expect(throws: TranslationError.tooLarge(words)) { try events("data: " + String(repeating: "x", count: 100)) }
        #expect(throws: TranslationError.tooLarge("the engine sent an event of more than 100 bytes")) {
            try events(String(repeating: "data: 1234567890123456789012345\n", count: 5) + "\n")
        }
    }

    @Test func linesAreCutHoweverTheyCome() throws {
        let bytes = Array("one\r\ntwo\n\nthree".utf8)
        for cut in 0...bytes.count {
            var cutter = LineCutter(limit: 10)
            var lines: [String] = []
            for part in [bytes[..<cut], bytes[cut...]] {
                cutter.append(Array(part))
                while let line = try cutter.next() { lines.append(String(decoding: line, as: UTF8.self)) }
            }
            lines.append(String(decoding: cutter.rest(), as: UTF8.self))
            #expect(lines == ["one", "two", "", "three"])
        }
    }

    @Test func momentsAreWrittenAsOllamaDoes() {
        let context = TranslationContext(acceptedAtSeconds: 1_735_689_914, acceptedAtNanoseconds: 933_867_884, idSeed: 0)
        #expect(WallTime(context, after: .zero).text == "2025-01-01T00:05:14.933867884Z")
        #expect(WallTime(context, after: .milliseconds(100)).text == "2025-01-01T00:05:15.033867884Z")
        let leap = TranslationContext(acceptedAtSeconds: 951_782_400, idSeed: 0)
        #expect(WallTime(leap, after: .zero).text == "2000-02-29T00:00:00.000000000Z")
        let far = TranslationContext(acceptedAtSeconds: .max, acceptedAtNanoseconds: .max, idSeed: 0)
        #expect(WallTime(far, after: .seconds(Int64.max)).text.hasSuffix("Z"))
    }

    @Test func madeUpIdsDifferAndRepeatWithTheirSeed() {
        var first = IDMaker(seed: 1)
        var again = IDMaker(seed: 1)
        let ids = (0..<1_000).map { _ in first.next("msg_") }
        #expect(Set(ids).count == 1_000)
        #expect(ids == (0..<1_000).map { _ in again.next("msg_") })
        #expect(ids.allSatisfy { $0.utf8.count == 28 })
    }
}
