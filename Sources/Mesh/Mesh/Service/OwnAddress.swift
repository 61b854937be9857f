import Gossip
import NIOCore

/// Which of this machine's addresses others are told.
enum OwnAddress {
    /// The first of: the only bound address, a routable IPv4, a routable IPv6, any other but loopback, loopback.
    static func pick(bound: [IPAddress]) -> IPAddress {
        if let given = bound.first(where: { !$0.isUnspecified }) { return given }
        let wantsV6 = bound.contains { if case .v6 = $0 { true } else { false } }
        let wantsV4 = bound.contains { if case .v4 = $0 { true } else { false } }
        let devices = (try? System.enumerateDevices()) ?? []
        let addresses = devices.compactMap { device in device.address.flatMap { Endpoint($0)?.address } }.filter { address in
            if case .v4 = address { wantsV4 } else { wantsV6 }
        }
        let best = addresses.enumerated().min { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
        return best?.element ?? .v4(0x7F00_0001)
    }

    private static func rank(_ address: IPAddress) -> Int { address.isLoopback ? 9 : AddressText.rank(address) }
}
