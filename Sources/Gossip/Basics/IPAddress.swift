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
    /// Dotted decimal, or RFC 5952's short form with `%scope` when there is one.
    public var description: String {
        switch self {
        case .v4(let bits):
            return "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
        case .v6(let high, let low, let scope):
            let groups = [high, low].flatMap { half in [48, 32, 16, 0].map { half >> UInt64($0) & 0xFFFF } }
            return Self.short(groups) + (scope == 0 ? "" : "%\(scope)")
        }
    }

    /// The longest run of two or more zero groups, the first of equals, becomes `::`.
    private static func short(_ groups: [UInt64]) -> String {
        var best = 0..<0
        var start = 0
        while start < groups.count {
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
            if end - start > max(1, best.count) { best = start..<end }
            start = max(end, start + 1)
        }
        func hex(_ range: Range<Int>) -> String { groups[range].map { String($0, radix: 16) }.joined(separator: ":") }
        return best.isEmpty ? hex(0..<groups.count) : hex(0..<best.lowerBound) + "::" + hex(best.upperBound..<groups.count)
    }
}
