import Glibc
public import Gossip
public import NIOCore

extension Endpoint {
    // The fields of `sockaddr_in` and `sockaddr_in6` are written as bytes at their places in the Linux ABI: with member import
    // visibility they count as members of a NIO module that is not for import.
    private static let v4Size = 16
    private static let v6Size = 28

    /// Calls `body` with this endpoint as the system wants it.
    func withSocketAddress<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        var storage = sockaddr_storage()
        let bytes = rawBytes
        return withUnsafeMutableBytes(of: &storage) { raw in
            raw.copyBytes(from: bytes)
            // `sockaddr_storage` is as large and as aligned as any address, and `raw` is never empty.
            return body(UnsafeRawPointer(raw.baseAddress!).assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
    }

    /// This endpoint for NIO.
    var socketAddress: SocketAddress {
        rawBytes.withUnsafeBytes { raw in
            switch address {
            case .v4: SocketAddress(raw.loadUnaligned(as: sockaddr_in.self))
            case .v6: SocketAddress(raw.loadUnaligned(as: sockaddr_in6.self))
            }
        }
    }

    /// The endpoint of a NIO address; nil for Unix sockets.
    public init?(_ address: SocketAddress) {
        switch address {
        case .v4(let v4): self.init(rawBytes: withUnsafeBytes(of: v4.address) { Array($0) })
        case .v6(let v6): self.init(rawBytes: withUnsafeBytes(of: v6.address) { Array($0) })
        case .unixDomainSocket: return nil
        }
    }

    /// Reads a `sockaddr` of either family.
    init?(rawBytes bytes: [UInt8]) {
        guard bytes.count >= Self.v4Size else { return nil }
        let family = Int32(UInt16(bytes[0]) | UInt16(bytes[1]) << 8)
        let port = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        switch family {
        case AF_INET:
            self.init(.v4(bytes[4..<8].reduce(0) { $0 << 8 | UInt32($1) }), port: port)
        case AF_INET6:
            guard bytes.count >= Self.v6Size else { return nil }
            let scope = bytes[24..<28].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            self.init(AddressText.address(networkBytes: Array(bytes[8..<24]), scope: scope), port: port)
        default:
            return nil
        }
    }

    /// Little-endian family (Linux on x86-64 and arm64), port and address in network order, scope in host order.
    private var rawBytes: [UInt8] {
        let portBytes = [UInt8(port >> 8), UInt8(port & 255)]
        switch address {
        case .v4:
            return [UInt8(AF_INET), 0] + portBytes + AddressText.networkBytes(address) + [UInt8](repeating: 0, count: 8)
        case .v6(_, _, let scope):
            let scopeBytes = (0..<4).map { UInt8(truncatingIfNeeded: scope >> (8 * $0)) }
            return [UInt8(AF_INET6), 0] + portBytes + [0, 0, 0, 0] + AddressText.networkBytes(address) + scopeBytes
        }
    }
}
