import Foundation

/// Whether this machine speaks IPv6.
enum IPv6 {
    /// A socket on `::` can be had; it takes IPv4 connections as well.
    static var isUsable: Bool {
        let handle = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        guard handle >= 0 else { return false }
        defer { close(handle) }
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(handle, raw, socklen_t(MemoryLayout<sockaddr_in6>.size)) == 0
            }
        }
    }
}
