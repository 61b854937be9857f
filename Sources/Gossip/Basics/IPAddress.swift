/// An IPv4 or IPv6 address as a value.
public enum IPAddress: Hashable, Sendable, Codable {
    /// An IPv4 address in host byte order: 10.0.0.1 is `0x0A00_0001`.
    case v4(UInt32)
    /// An IPv6 address as two halves in host byte order; `scope` is the interface index of a link-local one, else 0.
    case v6(high: UInt64, low: UInt64, scope: UInt32)

    /// 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        switch self {
        case .v4(let bits): bits >> 24 == 127
        case .v6(let high, let low, _): high == 0 && low == 1
        }
    }

    /// 169.254.0.0/16 or fe80::/10.
    public var isLinkLocal: Bool {
        switch self {
        case .v4(let bits): bits >> 16 == 0xA9FE
        case .v6(let high, _, _): high >> 54 == 0xFE80 >> 6
        }
    }

    /// 0.0.0.0 or ::.
    public var isUnspecified: Bool {
        switch self {
        case .v4(let bits): bits == 0
        case .v6(let high, let low, _): high == 0 && low == 0
        }
    }
}

extension IPAddress: CustomStringConvertible {
    /// Dotted decimal, or eight groups of hexadecimal digits without shortening, with `%scope` when there is one.
    public var description: String {
        switch self {
        case .v4(let bits):
            return "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
        case .v6(let high, let low, let scope):
            let groups = [high, low].flatMap { half in
                [48, 32, 16, 0].map { shift in String(half >> UInt64(shift) & 0xFFFF, radix: 16) }
            }
            return groups.joined(separator: ":") + (scope == 0 ? "" : "%\(scope)")
        }
    }
}
