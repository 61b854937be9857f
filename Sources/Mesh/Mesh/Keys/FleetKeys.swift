import Crypto

/// All keys of the fleet that this peer has, ready for use: a snapshot of its ring, or the derived key of an open fleet.
public struct FleetKeys: Sendable {
    /// The fleet's name, `default` when nobody named it.
    public let name: String
    /// Travels in clear in every datagram and in mDNS: tells fleets apart.
    public let tag: UInt32
    /// The ring; nil in an open fleet.
    public let ring: KeyRing?
    /// The key that seals.
    let active: FleetKey
    private let others: [FleetKey]

    /// The key of an open fleet follows from the fleet's name: it keeps fleets apart and protects nothing.
    public static func open(fleet name: String) -> FleetKeys {
        let root = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Array(name.utf8)), salt: Array("herd-peer open fleet".utf8),
            info: Array("fleet/1".utf8), outputByteCount: 32)
        let key = FleetKey(id: 0, root: root)
        return FleetKeys(name: name, tag: key.tag, ring: nil, active: key, others: [])
    }

    /// The keys of a closed fleet.
    public init(_ ring: KeyRing) {
        let keys = ring.keys.map { FleetKey(id: $0.id, root: $0.secret.symmetricKey) }
        self.init(name: ring.fleetName, tag: ring.fleetTag, ring: ring, active: keys[0], others: Array(keys.dropFirst()))
    }

    private init(name: String, tag: UInt32, ring: KeyRing?, active: FleetKey, others: [FleetKey]) {
        self.name = name
        self.tag = tag
        self.ring = ring
        self.active = active
        self.others = others
    }

    /// Anyone who knows the fleet's name can join.
    public var isOpen: Bool { ring == nil }

    /// The tag as people and mDNS write it: 8 lower-case hex digits.
    public var tagHex: String { HexText.encode(tag, digits: 8) }

    /// The ids of the keys, the one that seals first; none in an open fleet.
    public var ids: [UInt16] { ring?.keyIDs ?? [] }

    /// The one that seals first.
    var all: [FleetKey] { [active] + others }

    /// The key of this id.
    func key(_ id: UInt16) -> FleetKey? { active.id == id ? active : others.first { $0.id == id } }

    /// Whether `token` is one of this fleet's for a caller with this certificate. An open fleet does not look at the certificate.
    func admitsLink(_ token: String, pin: [UInt8]?) -> Bool { Self.admits(token, linkTokens(pin: pin)) }

    /// The tokens that let a caller with this certificate in; none when it was shut out.
    func linkTokens(pin: [UInt8]?) -> [[UInt8]] {
        guard let ring else { return [Array(active.linkToken(pin: nil).utf8)] }
        guard let pin, pin.count == LinkCertificate.pinByteCount, !ring.hasRevoked(pin: pin) else { return [] }
        return all.map { Array($0.linkToken(pin: pin).utf8) }
    }

    /// Whether `token` is one of them. Takes the same time wherever they differ.
    static func admits(_ token: String, _ tokens: [[UInt8]]) -> Bool {
        let shown = Array(token.utf8)
        return tokens.reduce(false) { ConstantTime.equal(shown, $1) || $0 }
    }
}
