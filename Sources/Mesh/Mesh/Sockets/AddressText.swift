import Glibc
import Gossip

/// Numeric addresses as text.
enum AddressText {
    /// Reads `10.0.0.1`, `fe80::1%3` or `fe80::1%eth0`; nil for names and for anything malformed.
    ///
    /// An IPv4 address inside an IPv6 one (`::ffff:10.0.0.1`) becomes that IPv4 address.
    static func parse(_ text: String) -> IPAddress? {
        guard text.utf8.count <= 80, !text.utf8.contains(0) else { return nil }
        if let v4 = pton(AF_INET, text, size: 4) { return .v4(v4.reduce(0) { $0 << 8 | UInt32($1) }) }
        let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        var scope: UInt32 = 0
        if parts.count == 2 {
            guard let index = interfaceIndex(String(parts[1])) else { return nil }
            scope = index
        }
        guard let first = parts.first, let v6 = pton(AF_INET6, String(first), size: 16) else { return nil }
        return address(networkBytes: v6, scope: scope)
    }

    /// The IPv6 address in 16 bytes, with the scope where it is link-local.
    static func address(networkBytes bytes: [UInt8], scope: UInt32) -> IPAddress {
        let high = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let low = bytes.dropFirst(8).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        if high == 0, low >> 32 == 0xFFFF { return .v4(UInt32(truncatingIfNeeded: low)) }
        let address = IPAddress.v6(high: high, low: low, scope: scope)
        return address.isLinkLocal ? address : .v6(high: high, low: low, scope: 0)
    }

    /// 4 or 16 bytes, most significant first.
    static func networkBytes(_ address: IPAddress) -> [UInt8] {
        switch address {
        case .v4(let bits): (0..<4).map { UInt8(truncatingIfNeeded: bits >> (24 - 8 * $0)) }
        case .v6(let high, let low, _):
            [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * $0)) } }
        }
    }

    /// The shortest usual form, for files, logs and status.
    static func format(_ address: IPAddress) -> String {
        guard case .v6(_, _, let scope) = address else { return address.description }
        let bytes = networkBytes(address)
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, bytes, &text, socklen_t(text.count)) != nil else { return address.description }
        let shown = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return scope == 0 ? shown : "\(shown)%\(scope)"
    }

    /// `address:port`, IPv6 in brackets.
    static func format(_ endpoint: Endpoint) -> String {
        switch endpoint.address {
        case .v4: "\(format(endpoint.address)):\(endpoint.port)"
        case .v6: "[\(format(endpoint.address))]:\(endpoint.port)"
        }
    }

    /// Best address to dial first: IPv4, routable IPv6, self-assigned IPv4, link-local IPv6 (avahi.md §3.10).
    static func rank(_ address: IPAddress) -> Int {
        switch address {
        case .v4: address.isLinkLocal ? 2 : 0
        case .v6: address.isLinkLocal ? 3 : 1
        }
    }

    private static func pton(_ family: Int32, _ text: String, size: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: size)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }

    private static func interfaceIndex(_ text: String) -> UInt32? {
        if let number = UInt32(text) { return number > 0 ? number : nil }
        let index = if_nametoindex(text)
        return index > 0 ? index : nil
    }
}
