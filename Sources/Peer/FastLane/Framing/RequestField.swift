/// One header line of a request: where it stands in the head's bytes, and whether it is one that the lane knows.
struct RequestField {
    /// What a line is to this hop.
    enum Kind: UInt8 {
        /// Goes on as it came.
        case other
        case host, contentLength, contentEncoding, transferEncoding, connection, expect, upgrade, origin
        case authorization, apiKey
        /// `X-Herd-…`: between peers only.
        case mesh
        /// `X-Fleet-…`: for the fleet, and for the peer that the request is forwarded to.
        case fleet
        /// Belongs to the client's own hop (RFC 9110 §7.6.1), or would hide the stream from the marker watch.
        case hop
        /// Taken out.
        case removed

        /// The line goes to the engine or the next peer.
        var passesOn: Bool {
            switch self {
            case .other, .contentEncoding, .authorization, .apiKey, .fleet: true
            default: false
            }
        }
    }

    var kind: Kind
    /// Where the line begins, and with it its name.
    var start: Int32
    var nameEnd: Int32
    /// The value, without the space around it.
    var valueStart: Int32
    var valueEnd: Int32
    /// Behind the line's end.
    var end: Int32

    var name: Range<Int> { Int(start)..<Int(nameEnd) }
    var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }
}

extension RequestField.Kind {
    /// The kind by the name's bytes, in any case.
    init(_ name: UnsafeBufferPointer<UInt8>) {
        self = .other
        switch name.count {
        case 2: if name.isWord("te") { self = .hop }
        case 4: if name.isWord("host") { self = .host }
        case 6:
            if name.isWord("origin") { self = .origin } else if name.isWord("expect") { self = .expect }
        case 7:
            if name.isWord("upgrade") { self = .upgrade } else if name.isWord("trailer") { self = .hop }
        case 9: if name.isWord("x-api-key") { self = .apiKey }
        case 10:
            if name.isWord("connection") { self = .connection } else if name.isWord("keep-alive") { self = .hop }
        case 13: if name.isWord("authorization") { self = .authorization }
        case 14: if name.isWord("content-length") { self = .contentLength }
        case 15: if name.isWord("accept-encoding") { self = .hop }
        case 16:
            if name.isWord("content-encoding") {
                self = .contentEncoding
            } else if name.isWord("proxy-connection") {
                self = .hop
            }
        case 17: if name.isWord("transfer-encoding") { self = .transferEncoding }
        case 19: if name.isWord("proxy-authorization") { self = .hop }
        default: break
        }
        guard self == .other, name.count > 7, name[0] | 0x20 == UInt8(ascii: "x"), name[1] == UInt8(ascii: "-") else { return }
        if UnsafeBufferPointer(rebasing: name[..<7]).isWord("x-herd-") {
            self = .mesh
        } else if name.count > 8, UnsafeBufferPointer(rebasing: name[..<8]).isWord("x-fleet-") {
            self = .fleet
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Equal to `word`, which is lower case, without regard to ASCII case.
    @inline(__always)
    func isWord(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        let other = word.utf8Start
        for at in 0..<count {
            var byte = self[at]
            if byte >= 65, byte <= 90 { byte |= 0x20 }
            if byte != other[at] { return false }
        }
        return true
    }

    /// One of the comma-separated words, in any case.
    func hasToken(_ word: StaticString) -> Bool {
        for token in split(separator: UInt8(ascii: ",")) where UnsafeBufferPointer(rebasing: token).trimmed.isWord(word) {
            return true
        }
        return false
    }

    /// Without spaces and tabs at both ends.
    var trimmed: UnsafeBufferPointer<UInt8> {
        var from = 0
        var to = count
        while from < to, self[from] == 0x20 || self[from] == 0x09 { from += 1 }
        while to > from, self[to - 1] == 0x20 || self[to - 1] == 0x09 { to -= 1 }
        return UnsafeBufferPointer(rebasing: self[from..<to])
    }
}
