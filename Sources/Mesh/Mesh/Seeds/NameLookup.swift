import Glibc
import Gossip

/// `getaddrinfo` for a seed's host. Blocks, for many seconds when a name server is silent: never call it on an event loop.
enum NameLookup {
    /// The addresses of `host` in the system's order, or why there are none.
    static func addresses(of host: String) -> Result<[IPAddress], LookupFailure> {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else { return .failure(LookupFailure(reason: String(cString: gai_strerror(status)))) }
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var next = list
        while let entry = next?.pointee, found.count < 16 {
            if let address = address(of: entry), !found.contains(address) { found.append(address) }
            next = entry.ai_next
        }
        return .success(found)
    }

    private static func address(of entry: addrinfo) -> IPAddress? {
        guard let raw = entry.ai_addr, entry.ai_addrlen > 0 else { return nil }
        return Endpoint(rawBytes: Array(UnsafeRawBufferPointer(start: raw, count: Int(entry.ai_addrlen))))?.address
    }
}
