import Crypto

/// One of a fleet's keys, and what follows from it (mesh protocol §5.3, §5.5).
struct FleetKey: Sendable {
    /// 0 is an open fleet's.
    let id: UInt16
    private let root: SymmetricKey

    init(id: UInt16, root: SymmetricKey) {
        self.id = id
        self.root = root
    }

    /// The key under which the peer with this short id seals its datagrams.
    func senderKey(_ shortID: UInt64) -> SymmetricKey {
        let salt = (0..<8).map { UInt8(truncatingIfNeeded: shortID >> (56 - 8 * UInt64($0))) }
        return HKDF<SHA256>.deriveKey(inputKeyMaterial: root, salt: salt, info: Array("udp/1".utf8), outputByteCount: 32)
    }

    /// The key of one sealed body (hello, key ring), under a salt that is never drawn twice.
    func bodyKey(salt: [UInt8]) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: root, salt: salt, info: Array("body/1".utf8), outputByteCount: 32)
    }

    /// What a peer with this certificate shows on its links to other peers; without a certificate what all show.
    func linkToken(pin: [UInt8]?) -> String { HexText.encode(linkCode(pin)) }

    /// The tag of an open fleet.
    var tag: UInt32 {
        HMAC<SHA256>.authenticationCode(for: Array("tag/1".utf8), using: root).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    private func linkCode(_ pin: [UInt8]?) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Array("link/1".utf8) + (pin ?? []), using: root)
    }
}
