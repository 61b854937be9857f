/// Turns what Avahi says per interface and protocol into events per peer.
///
/// Answers are merged by short id, never by name or host: after a name clash Avahi mixes those up.
/// This peer's own announcement is dropped. A value without clock or socket.
struct SightingBook {
    /// Instances beyond this number are ignored, so that a noisy network cannot fill the memory.
    static let maximumServices = 512
    /// Instances of one peer (interfaces times protocols, in practice); more are ignored.
    static let maximumServicesPerPeer = 16
    /// Addresses reported for one peer.
    static let maximumAddresses = 8

    private let ownShortID: String?
    /// In order of arrival; later answers win where they differ in port or host name.
    private var known: [(key: ServiceKey, service: ResolvedService)] = []

    init(ownShortID: String?) { self.ownShortID = ownShortID }

    /// How many other peers are known.
    var peerCount: Int { Set(known.map(\.service.text.shortID)).count }

    /// Takes in an answer for an instance.
    mutating func resolved(_ key: ServiceKey, _ service: ResolvedService) -> [DiscoveryEvent] {
        if service.text.shortID == ownShortID { return removed(key) }
        let before = known.first { $0.key == key }?.service.text.shortID
        known.removeAll { $0.key == key }
        let ofPeer = known.count { $0.service.text.shortID == service.text.shortID }
        if known.count < Self.maximumServices, ofPeer < Self.maximumServicesPerPeer { known.append((key, service)) }
        var events: [DiscoveryEvent] = []
        if let before, !isKnown(before) { events.append(.vanished(shortID: before)) }
        if let sighting = sighting(of: service.text.shortID) { events.append(.sighted(sighting)) }
        return events
    }

    /// Takes in that an instance went away.
    mutating func removed(_ key: ServiceKey) -> [DiscoveryEvent] {
        guard let index = known.firstIndex(where: { $0.key == key }) else { return [] }
        let id = known.remove(at: index).service.text.shortID
        return isKnown(id) ? [] : [.vanished(shortID: id)]
    }

    /// Avahi is gone: nothing is known any more, and no peer is reported as vanished for it.
    mutating func forgetAll() { known = [] }

    private func isKnown(_ id: String) -> Bool { known.contains { $0.service.text.shortID == id } }

    private func sighting(of id: String) -> Sighting? {
        let answers = known.map(\.service).filter { $0.text.shortID == id }
        guard let newest = answers.last else { return nil }
        let addresses = NumericAddress.sorted(Set(answers.map(\.address))).prefix(Self.maximumAddresses)
        return Sighting(
            fleetTag: newest.text.fleetTag, shortID: id, addresses: addresses.map(\.text),
            port: newest.text.port ?? newest.port, hostName: newest.hostName, protocolVersion: newest.text.protocolVersion)
    }
}
