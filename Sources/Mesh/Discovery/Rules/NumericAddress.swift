/// An IP address as discovery reports it, with the interface that a link-local address needs.
struct NumericAddress: Hashable {
    /// 4 or 16 bytes in network order.
    let bytes: [UInt8]
    /// The interface index, 0 when none is needed.
    let scope: UInt32
    /// The text form: dotted, or RFC 5952 with `%scope` for a link-local IPv6 address.
    let text: String

    /// Nil for anything that cannot be dialled: wrong length, unspecified, multicast, or link-local without an interface.
    init?(bytes: [UInt8], interface: Int32) {
        guard bytes.count == 4 || bytes.count == 16, bytes.contains(where: { $0 != 0 }) else { return nil }
        if bytes.count == 4 {
            guard bytes[0] != 0, bytes[0] < 224 else { return nil }
            scope = 0
            text = bytes.map(String.init).joined(separator: ".")
        } else {
            guard bytes[0] != 0xff else { return nil }
            let linkLocal = Self.isLinkLocal6(bytes)
            guard !linkLocal || interface > 0 else { return nil }
            scope = linkLocal ? UInt32(interface) : 0
            text = Self.text6(bytes) + (linkLocal ? "%\(interface)" : "")
        }
        self.bytes = bytes
    }

    /// Lower is better: IPv4, routable or unique-local IPv6, self-assigned IPv4, link-local IPv6, loopback.
    var rank: Int {
        if bytes.count == 4 {
            if bytes[0] == 127 { return 4 }
            return bytes[0] == 169 && bytes[1] == 254 ? 2 : 0
        }
        if bytes.dropLast().allSatisfy({ $0 == 0 }) { return 4 }
        return Self.isLinkLocal6(bytes) ? 3 : 1
    }

    /// Best first; equal ranks by bytes, so that the order never depends on arrival.
    static func sorted(_ addresses: some Sequence<NumericAddress>) -> [NumericAddress] {
        addresses.sorted { a, b in
            if a.rank != b.rank { return a.rank < b.rank }
            if a.bytes != b.bytes { return a.bytes.lexicographicallyPrecedes(b.bytes) }
            return a.scope < b.scope
        }
    }

    private static func isLinkLocal6(_ bytes: [UInt8]) -> Bool { bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80 }

    /// RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups as `::`, the first of equals.
    private static func text6(_ bytes: [UInt8]) -> String {
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start >= 2, end - start > best.count { best = start..<end }
            start = max(end, start + 1)
        }
        let part = { (range: Range<Int>) in groups[range].map { String($0, radix: 16) }.joined(separator: ":") }
        return best.isEmpty ? part(0..<8) : part(0..<best.lowerBound) + "::" + part(best.upperBound..<8)
    }
}
