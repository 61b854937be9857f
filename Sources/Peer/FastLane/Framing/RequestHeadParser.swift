/// Parses one request head, given whole (RFC 9112 §2–6). Strict: what two programs could read in two ways is refused.
struct RequestHeadParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var fields: [RequestField] = []
    private var contentLength: Int?
    private var isChunked = false
    private var saysClose = false
    private var saysKeepAlive = false
    private var namesHopLines = false
    private var hasHost = false

    /// More header lines than this are refused.
    private static let maximumLines = 256

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        fields.reserveCapacity(16)
    }

    /// Parses; the bytes end with the empty line.
    mutating func parse() throws(RequestFramingError) -> RequestHead {
        var at = try lineEnd(from: 0)
        let (methodEnd, targetEnd, minor) = try requestLine(at)
        at += 2
        while at < bytes.count - 2 {
            let end = try lineEnd(from: at)
            try line(at, end)
            at = end + 2
        }
        if isChunked, contentLength != nil { throw .contradictoryLength }
        if isChunked, minor == 0 { throw .malformed("chunks in HTTP/1.0") }
        if namesHopLines { markHopLines() }
        return RequestHead(
            bytes: Array(bytes), fields: fields, minor: minor, methodEnd: methodEnd, targetEnd: targetEnd,
            contentLength: contentLength, isChunked: isChunked, keepsAlive: minor >= 1 ? !saysClose : saysKeepAlive && !saysClose)
    }

    private func lineEnd(from start: Int) throws(RequestFramingError) -> Int {
        guard let base = bytes.baseAddress else { throw .malformed("a line without end") }
        let raw = UnsafeRawPointer(base)
        let last = bytes.count - 1
        var at = start
        while at < last {
            // Eight bytes at a time while none of them is a control character.
            if at + 8 <= last {
                let stops = Self.controls(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)))
                at &+= stops.trailingZeroBitCount >> 3
                if stops == 0 { continue }
            }
            let byte = base[at]
            if byte >= 0x20, byte != 0x7F {
                at += 1
            } else if byte == 0x0D {
                guard bytes[at + 1] == 0x0A else { throw .malformed("a lone carriage return") }
                return at
            } else if byte == 0x09 {
                at += 1
            } else {
                throw .malformed(byte == 0x0A ? "a lone line feed" : "a control character in the head")
            }
        }
        throw .malformed("a line without end")
    }

    /// The high bits of bytes below 0x20 and of 0x7F; above the first one others may be set, too (Mycroft's test).
    @inline(__always)
    private static func controls(_ next: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let delete = next ^ (ones &* 0x7F)
        return (((next &- (ones &* 0x20)) & ~next) | ((delete &- ones) & ~delete)) & (ones &* 0x80)
    }

    /// `METHOD target HTTP/1.x`
    private func requestLine(_ end: Int) throws(RequestFramingError) -> (methodEnd: Int, targetEnd: Int, minor: Int) {
        var methodEnd = 0
        while methodEnd < end, bytes[methodEnd].isToken { methodEnd += 1 }
        let targetEnd = end - 9
        guard methodEnd > 0, methodEnd <= 32, methodEnd + 1 < targetEnd, bytes[methodEnd] == 0x20, bytes[targetEnd] == 0x20 else {
            throw .malformed("the request line is not 'METHOD target HTTP/1.1'")
        }
        for at in methodEnd + 1..<targetEnd where bytes[at] <= 0x20 { throw .malformed("a space in the request target") }
        let version = UnsafeBufferPointer(rebasing: bytes[(targetEnd + 1)..<(end - 1)])
        let minor = bytes[end - 1]
        guard version.elementsEqual("HTTP/1.".utf8), minor == 48 || minor == 49 else {
            throw .malformed("only HTTP/1.1 and HTTP/1.0 are spoken here")
        }
        return (methodEnd, targetEnd, Int(minor - 48))
    }

    private mutating func line(_ start: Int, _ end: Int) throws(RequestFramingError) {
        guard fields.count < Self.maximumLines else { throw .headTooLarge }
        var colon = start
        if let base = bytes.baseAddress {
            while colon < end, base[colon].isToken { colon &+= 1 }
        }
        guard colon > start, colon < end, bytes[colon] == UInt8(ascii: ":") else {
            throw .malformed("a header line is not 'Name: value'")
        }
        var from = colon + 1
        var to = end
        while from < to, bytes[from] == 0x20 || bytes[from] == 0x09 { from += 1 }
        while to > from, bytes[to - 1] == 0x20 || bytes[to - 1] == 0x09 { to -= 1 }
        let kind = RequestField.Kind(UnsafeBufferPointer(rebasing: bytes[start..<colon]))
        switch kind {
        case .host:
            guard !hasHost else { throw .malformed("two Host lines") }
            hasHost = true
        case .contentLength: try length(from, to)
        case .transferEncoding:
            guard !isChunked else { throw .malformed("two transfer codings") }
            guard UnsafeBufferPointer(rebasing: bytes[from..<to]).isWord("chunked") else { throw .unknownCoding }
            isChunked = true
        case .connection: connection(UnsafeBufferPointer(rebasing: bytes[from..<to]))
        default: break
        }
        fields.append(
            RequestField(
                kind: kind, start: Int32(start), nameEnd: Int32(colon), valueStart: Int32(from), valueEnd: Int32(to),
                end: Int32(end + 2)))
    }

    private mutating func length(_ from: Int, _ to: Int) throws(RequestFramingError) {
        guard contentLength == nil else { throw .contradictoryLength }
        guard to > from, to - from <= 15 else { throw .malformed("the Content-Length is no number of bytes") }
        var number = 0
        for at in from..<to {
            guard bytes[at] >= 48, bytes[at] <= 57 else { throw .malformed("the Content-Length is no number of bytes") }
            number = number * 10 + Int(bytes[at] - 48)
        }
        contentLength = number
    }

    private mutating func connection(_ value: UnsafeBufferPointer<UInt8>) {
        if value.isWord("keep-alive") {
            saysKeepAlive = true
        } else if value.isWord("close") {
            saysClose = true
        } else {
            saysClose = saysClose || value.hasToken("close")
            saysKeepAlive = saysKeepAlive || value.hasToken("keep-alive")
            namesHopLines = true
        }
    }

    /// Lines that `Connection` names belong to this hop.
    private mutating func markHopLines() {
        for field in fields where field.kind == .connection {
            let value = UnsafeBufferPointer(rebasing: bytes[field.value])
            for token in value.split(separator: UInt8(ascii: ",")).prefix(16) {
                let word = UnsafeBufferPointer(rebasing: token).trimmed
                for place in fields.indices where fields[place].kind == .other || fields[place].kind == .fleet {
                    let name = UnsafeBufferPointer(rebasing: bytes[fields[place].name])
                    if name.count == word.count, zip(name, word).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) {
                        fields[place].kind = .hop
                    }
                }
            }
        }
    }
}

extension UInt8 {
    /// May stand in a method or a header's name (RFC 9110 §5.6.2).
    @inline(__always)
    var isToken: Bool {
        guard self < 128 else { return false }
        // ! # $ % & ' * + - . 0-9, and A-Z ^ _ ` a-z | ~
        let low: UInt64 = 0x03FF_6CFA_0000_0000
        let high: UInt64 = 0x57FF_FFFF_C7FF_FFFE
        return (self < 64 ? low &>> UInt64(self) : high &>> UInt64(self &- 64)) & 1 == 1
    }
}
