import Crypto

/// The secret of a fleet, and what follows from it (mesh protocol §5.3, §5.5).
///
/// An open fleet's key follows from the fleet's name: it keeps fleets apart and protects nothing.
public struct FleetKey: Sendable {
    /// The fleet's name, `default` when nobody named it.
    public let name: String
    /// Anyone who knows the name can join.
    public let isOpen: Bool
    /// Travels in clear in every datagram and in mDNS: tells fleets apart.
    public let tag: UInt32
    /// What peers of the fleet show each other over TCP (`X-Herd-Fleet`), 64 hex digits.
    public let linkToken: String

    private let root: SymmetricKey

    /// The key of an open fleet.
    public static func open(fleet name: String) -> FleetKey {
        let material = SymmetricKey(data: Array(name.utf8))
        let root = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: material, salt: Array("herd-peer open fleet".utf8), info: Array("fleet/1".utf8), outputByteCount: 32
        )
        return FleetKey(name: name, isOpen: true, root: root)
    }

    private init(name: String, isOpen: Bool, root: SymmetricKey) {
        self.name = name
        self.isOpen = isOpen
        self.root = root
        tag = HMAC<SHA256>.authenticationCode(for: Array("tag/1".utf8), using: root).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        linkToken = HexText.encode(HMAC<SHA256>.authenticationCode(for: Array("link/1".utf8), using: root))
    }

    /// The tag as people and mDNS write it: 8 lower-case hex digits.
    public var tagHex: String { HexText.encode(tag, digits: 8) }

    /// Whether `token` is this fleet's link token. Takes the same time wherever they differ.
    public func admitsLink(_ token: String) -> Bool {
        ConstantTime.equal(Array(token.utf8), Array(linkToken.utf8))
    }

    /// The key under which the peer with this short id signs its datagrams.
    func senderKey(_ shortID: UInt64) -> SymmetricKey {
        let salt = (0..<8).map { UInt8(truncatingIfNeeded: shortID >> (56 - 8 * UInt64($0))) }
        return HKDF<SHA256>.deriveKey(inputKeyMaterial: root, salt: salt, info: Array("udp/1".utf8), outputByteCount: 32)
    }
}
