/// The headers between peers (mesh protocol §8.2), as they came with a request.
struct HopHeaders {
    /// 0: from a client.
    var hop = 0
    /// Ids of the peers that the request passed, 32 hex digits each, commas between.
    var path = ""
    /// The request's id; nil when absent or malformed.
    var requestID: String?
    /// The entry peer's attempt.
    var attempt = 0
    /// The entry peer.
    var entry = ""
    /// How long the client may still wait for a slot, milliseconds.
    var deadlineMilliseconds: Int?
    /// The model that the entry chose.
    var model: String?
    /// Whose request it is: a digest of the client's key or address.
    var client: UInt64?
    /// How long it has waited at its entry peer, milliseconds, at most a day.
    var waitedMilliseconds: Int64 = 0
    /// The engine that the entry chose.
    var backend: String?

    /// The certificate of the connection, for routes of the mesh port.
    static let pinName = "X-Herd-Link-Pin"
    /// The token by which a peer shows that it is of this fleet.
    static let fleetName = "X-Herd-Fleet"

    /// Sixteen ids; nothing is forwarded more than once.
    private static let longestPath = 16 * 33

    /// Reads them.
    init(_ head: RequestHead) {
        head.forEachMeshLine { name, value in
            let rest = UnsafeBufferPointer(rebasing: name[7...])
            if rest.isWord("path") {
                path = String(decoding: value.prefix(Self.longestPath), as: UTF8.self)
                return
            }
            let text = String(decoding: value, as: UTF8.self)
            if rest.isWord("hop") {
                hop = max(0, Int(text) ?? 99)
            } else if rest.isWord("request-id") {
                requestID = Self.isID(text) ? text : nil
            } else if rest.isWord("attempt") {
                attempt = Int(text) ?? 0
            } else if rest.isWord("entry") {
                entry = String(text.prefix(64))
            } else if rest.isWord("deadline-ms") {
                deadlineMilliseconds = Int(text)
            } else if rest.isWord("model") {
                model = Self.decoded(text)
            } else if rest.isWord("backend") {
                backend = Self.decoded(text)
            } else if rest.isWord("client") {
                client = UInt64(text, radix: 16)
            } else if rest.isWord("waited-ms") {
                waitedMilliseconds = min(86_400_000, max(0, Int64(text) ?? 0))
            }
        }
    }

    /// The request passed this peer, given by its 32 hex digits.
    func passed(_ peer: String) -> Bool {
        !path.isEmpty
            && path.utf8.split(separator: UInt8(ascii: ",")).contains { part in
                part.drop { $0 == 0x20 }.starts(with: peer.utf8)
            }
    }

    /// Compares secrets in a time that does not depend on where they differ. An empty secret matches nothing.
    static func sameSecret(_ a: String, _ b: String) -> Bool {
        let left = Array(a.utf8)
        let right = Array(b.utf8)
        var difference = UInt8(left.isEmpty || left.count != right.count ? 1 : 0)
        for at in 0..<right.count { difference |= right[at] ^ (at < left.count ? left[at] : 0) }
        return difference == 0
    }

    /// Lower-case hex digits.
    static func hex(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.flatMap { [ByteHex.digits[Int($0 >> 4)], ByteHex.digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func isID(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy { ($0 >= 48 && $0 <= 57) || ($0 | 0x20 >= 97 && $0 | 0x20 <= 122) || $0 == UInt8(ascii: "-") }
    }

    /// Percent-encodes what cannot stand in a header value.
    static func encoded(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F || $0 == UInt8(ascii: "%") }) else { return text }
        var units: [UInt8] = []
        for byte in text.utf8 {
            if byte <= 0x20 || byte >= 0x7F || byte == UInt8(ascii: "%") {
                units += [UInt8(ascii: "%"), ByteHex.digits[Int(byte >> 4)], ByteHex.digits[Int(byte & 15)]]
            } else {
                units.append(byte)
            }
        }
        return String(decoding: units, as: UTF8.self)
    }

    static func decoded(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        let units = Array(text.utf8)
        var result: [UInt8] = []
        var at = 0
        while at < units.count {
            if units[at] == UInt8(ascii: "%"), at + 2 < units.count, let high = JSONWalker.hexValue(units[at + 1]),
                let low = JSONWalker.hexValue(units[at + 2])
            {
                result.append(high << 4 | low)
                at += 3
            } else {
                result.append(units[at])
                at += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private enum ByteHex { static let digits = Array("0123456789abcdef".utf8) }
}
