import Discovery
import Gossip

/// A discovery event with its texts read; nil for one that makes no sense.
enum DiscoveryNews: Equatable {
    case sighted(fleetTag: String, shortID: UInt64, [Endpoint])
    case vanished(shortID: UInt64)

    /// Addresses dialled for one sighting.
    static let addressLimit = 8

    init?(_ event: DiscoveryEvent) {
        switch event {
        case .sighted(let sighting):
            guard let id = Self.shortID(sighting.shortID), sighting.port > 0 else { return nil }
            let addresses = sighting.addresses.prefix(Self.addressLimit).compactMap(AddressText.parse).filter(Self.usable)
            let ordered = addresses.enumerated()
                .sorted { (AddressText.rank($0.element), $0.offset) < (AddressText.rank($1.element), $1.offset) }
                .map { Endpoint($0.element, port: sighting.port) }
            guard !ordered.isEmpty else { return nil }
            self = .sighted(fleetTag: sighting.fleetTag.lowercased(), shortID: id, ordered)
        case .vanished(let text):
            guard let id = Self.shortID(text) else { return nil }
            self = .vanished(shortID: id)
        }
    }

    private static func shortID(_ text: String) -> UInt64? {
        text.utf8.count == 16 ? UInt64(text, radix: 16) : nil
    }

    /// A link-local IPv6 address is of use only with its interface.
    private static func usable(_ address: IPAddress) -> Bool {
        if address.isUnspecified { return false }
        if case .v6(_, _, let scope) = address, address.isLinkLocal { return scope != 0 }
        return true
    }
}
