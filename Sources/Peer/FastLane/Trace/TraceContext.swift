/// Where a request stands in a trace of its caller, and this peer's own span in it (W3C Trace Context, level 1).
public struct TraceContext: Sendable, Hashable {
    /// The trace, 32 hex digits.
    public let trace: String
    /// The caller's span, 16 hex digits; nil where the trace begins here.
    public let parent: String?
    /// This peer's span, 16 hex digits.
    public let span: String

    /// What goes on to the next hop.
    var header: String { "00-\(trace)-\(span)-01" }

    /// Takes the caller's trace out of a head, or begins one; nil where the caller says that it is not recorded: then its line
    /// stays where it is.
    init?(taking head: RequestHead) {
        let line = head.first(name: "traceparent")
        let caller = line.flatMap(Self.caller)
        if let caller, !caller.isSampled { return nil }
        if line != nil { head.remove(name: "traceparent") }
        // Without a trace of its own it belongs to nothing.
        if caller == nil { head.remove(name: "tracestate") }
        trace = caller?.trace ?? Self.random(words: 2)
        parent = caller?.span
        span = Self.random(words: 1)
    }

    /// `00-TRACE-SPAN-FLAGS`; nil for what is none. Later versions may be longer.
    static func caller(_ text: String) -> (trace: String, span: String, isSampled: Bool)? {
        let bytes = Array(text.utf8.prefix(256))
        let dash = UInt8(ascii: "-")
        guard bytes.count >= 55, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash else { return nil }
        guard bytes.count == 55 || bytes[55] == dash else { return nil }
        let version = bytes[0..<2]
        let trace = bytes[3..<35]
        let span = bytes[36..<52]
        let flags = bytes[53..<55]
        let zero = UInt8(ascii: "0")
        guard [version, trace, span, flags].allSatisfy({ $0.allSatisfy(isDigit) }) else { return nil }
        guard trace.contains(where: { $0 != zero }), span.contains(where: { $0 != zero }) else { return nil }
        let number = String(decoding: version, as: UTF8.self)
        guard number != "ff", number != "00" || bytes.count == 55 else { return nil }
        guard let low = UInt8(String(decoding: flags, as: UTF8.self), radix: 16) else { return nil }
        return (String(decoding: trace, as: UTF8.self), String(decoding: span, as: UTF8.self), low & 1 == 1)
    }

    /// Lower-case hex digits alone are allowed.
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }

    private static func random(words: Int) -> String {
        (0..<words).reduce(into: "") { text, _ in
            let digits = String(UInt64.random(in: 1...UInt64.max), radix: 16)
            text += String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }
    }
}
