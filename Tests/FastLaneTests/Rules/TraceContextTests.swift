import Testing

@testable import FastLane

/// W3C Trace Context, level 1.
@Suite struct TraceContextTests {
    static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    static let span = "00f067aa0ba902b7"

    @Test(arguments: [
        ("00-\(trace)-\(span)-01", true), ("00-\(trace)-\(span)-00", false), ("00-\(trace)-\(span)-03", true),
        ("cc-\(trace)-\(span)-01", true), ("cc-\(trace)-\(span)-01-what-comes-later", true),
    ])
    func aCallersLineIsRead(line: String, sampled: Bool) throws {
        let caller = try #require(TraceContext.caller(line))
        #expect(caller.trace == Self.trace && caller.span == Self.span && caller.isSampled == sampled)
    }

    @Test(arguments: [
        "", "00", "nonsense", "00-\(trace)-\(span)", "00-\(trace)-\(span)-1", "00-\(trace)-\(span)-01-more",
        "00-\(trace)-\(span)-01x", "cc-\(trace)-\(span)-01x", "ff-\(trace)-\(span)-01", "0x-\(trace)-\(span)-01",
        "00-\(trace.uppercased())-\(span)-01", "00-\(String(repeating: "0", count: 32))-\(span)-01",
        "00-\(trace)-\(String(repeating: "0", count: 16))-01", "00_\(trace)_\(span)_01", "00-\(trace)-\(span)-zz",
        "00-\(String(repeating: "é", count: 16))-\(span)-01",
    ])
    func whatIsNoneCountsAsNone(line: String) {
        #expect(TraceContext.caller(line) == nil)
    }
}
