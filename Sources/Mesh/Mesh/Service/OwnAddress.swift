import Glibc
import Gossip

/// Which of this machine's addresses others are told.
enum OwnAddress {
    /// An address of an interface.
    struct Candidate: Equatable {
        var address: IPAddress
        /// The interface is up and has a carrier.
        var isRunning = true
    }

    /// The first of: the only bound address, a routable IPv4, a routable IPv6, any other but loopback, loopback.
    static func pick(bound: [IPAddress]) -> IPAddress { choose(among: candidates(), bound: bound, current: nil) }

    /// The best of `list`. `current` stays as long as it is there and its interface runs, and as long as nothing but loopback is
    /// left: a cable that is pulled must not make this peer tell others an address of its own machine.
    static func choose(among list: [Candidate], bound: [IPAddress], current: IPAddress?) -> IPAddress {
        if let given = bound.first(where: { !$0.isUnspecified }) { return given }
        let wantsV6 = bound.contains { if case .v6 = $0 { true } else { false } }
        let wantsV4 = bound.contains { if case .v4 = $0 { true } else { false } }
        let usable = list.filter { candidate in
            if case .v4 = candidate.address { wantsV4 } else { wantsV6 }
        }
        let best = usable.enumerated().min { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }?.element
        guard let current else { return best?.address ?? .v4(0x7F00_0001) }
        guard let best, !best.address.isLoopback else { return current }
        if let present = usable.first(where: { $0.address == current }), rank(present) <= rank(best) || rank(present) < 2 {
            return current
        }
        return best.address
    }

    /// All addresses of this machine, in the system's order.
    static func candidates() -> [Candidate] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        var list: [Candidate] = []
        var next = first
        while let entry = next?.pointee {
            next = entry.ifa_next
            guard let raw = entry.ifa_addr, let size = size(of: raw) else { continue }
            let bytes = Array(UnsafeRawBufferPointer(start: raw, count: size))
            guard let address = Endpoint(rawBytes: bytes)?.address else { continue }
            let running = UInt32(IFF_UP | IFF_RUNNING)
            list.append(Candidate(address: address, isRunning: entry.ifa_flags & running == running))
        }
        return list
    }

    /// Bytes of a socket address by its family, which is its first field; nil for families of no use here.
    private static func size(of raw: UnsafeMutablePointer<sockaddr>) -> Int? {
        switch Int32(UnsafeRawPointer(raw).loadUnaligned(as: UInt16.self)) {
        case AF_INET: 16
        case AF_INET6: 28
        default: nil
        }
    }

    private static func rank(_ candidate: Candidate) -> Int {
        if candidate.address.isLoopback { return 9 }
        return AddressText.rank(candidate.address) + (candidate.isRunning ? 0 : 4)
    }
}
