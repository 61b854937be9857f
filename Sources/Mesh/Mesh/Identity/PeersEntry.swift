import Gossip

/// A member as `peers.json` keeps it (mesh protocol §6.4).
struct PeersEntry: Hashable, Codable, Sendable {
    /// Who.
    var id: PeerID
    /// Its display name, for people who read the file.
    var name: String
    /// Its numeric address, with `%interface` for a link-local one.
    var address: String
    /// Its mesh port.
    var port: UInt16
    /// It said goodbye: kept for the roster, and not dialled.
    var left: Bool
    /// A laptop that comes and goes: not counted in the roster.
    var ephemeral: Bool
    /// When it was last heard, milliseconds since 1970.
    var lastHeardMilliseconds: Int64
    /// The hash of its certificate, 64 hex digits, for the peer links of a closed fleet.
    var pin: String?

    enum CodingKeys: String, CodingKey {
        case id = "peer_id"
        case name
        case address
        case port
        case left
        case ephemeral
        case lastHeardMilliseconds = "last_heard_ms"
        case pin
    }

    /// The entry of a peer that the rules remember.
    init(_ peer: RememberedPeer, name: String, nowMilliseconds: Int64) {
        id = peer.id
        self.name = name
        address = AddressText.format(peer.endpoint.address)
        port = peer.endpoint.port
        left = peer.left
        ephemeral = peer.ephemeral
        lastHeardMilliseconds = nowMilliseconds - max(0, min(peer.secondsSinceSeen, 1 << 40)) * 1_000
        pin = peer.pin.map { HexText.encode($0) }
    }

    /// What the rules get back at start; nil when the address cannot be used.
    func remembered(nowMilliseconds: Int64) -> RememberedPeer? {
        guard port > 0, let parsed = AddressText.parse(address), !parsed.isUnspecified else { return nil }
        let silence = max(0, nowMilliseconds.subtractingReportingOverflow(lastHeardMilliseconds).partialValue) / 1_000
        return RememberedPeer(
            id: id, endpoint: Endpoint(parsed, port: port), secondsSinceSeen: silence, left: left, ephemeral: ephemeral,
            pin: pin.flatMap { HexText.decode($0, byteCount: LinkCertificate.pinByteCount) })
    }
}
