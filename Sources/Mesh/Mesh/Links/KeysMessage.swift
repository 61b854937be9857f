import FoundationEssentials
import Gossip

/// What peers say to each other about keys: `POST /herd/v1/keys`, sealed with a key that both have, over a pinned link.
enum KeysMessage: Codable, Hashable {
    /// The router brings its ring. `record` is its own, with its pin.
    case bring(KeyRing, epoch: UInt64, record: MemberRecord, nonce: [UInt8])
    /// A peer asks the router to rotate.
    case rotate(revoking: PeerID?, force: Bool, record: MemberRecord, nonce: [UInt8])

    /// Longest question or answer, bytes.
    static let byteLimit = 64 * 1_024

    /// The nonce of the question, which the answer carries as its context.
    var nonce: [UInt8] {
        switch self {
        case .bring(_, _, _, let nonce), .rotate(_, _, _, let nonce): nonce
        }
    }

    /// Who sends it.
    var record: MemberRecord {
        switch self {
        case .bring(_, _, let record, _), .rotate(_, _, let record, _): record
        }
    }

    /// The answer.
    struct Answer: Codable, Hashable {
        /// The answerer's ids after it.
        var keyIDs: [UInt16]
        /// Its ring, where that is newer than the one it was brought.
        var newer: KeyRing?
        /// Why the order was refused, in words; nil when it was carried out.
        var refusal: String?
    }

    func sealed(key: FleetKey, fleetTag: UInt32) -> [UInt8]? {
        guard let text = try? JSONEncoder().encode(self) else { return nil }
        return SealedBody.seal(Array(text), for: .keys, key: key, fleetTag: fleetTag)
    }

    static func open(_ bytes: [UInt8], keys: FleetKeys, pin: [UInt8]?) throws(MeshLinkError) -> (
        message: KeysMessage, key: FleetKey
    ) {
        guard bytes.count <= byteLimit else { throw .tooLong(bytes: bytes.count) }
        guard let opened = SealedBody.open(bytes, for: .keys, keys: keys),
            let message = try? JSONDecoder().decode(KeysMessage.self, from: Data(opened.text)), message.record.isWithinBounds,
            message.nonce.count == Hello.nonceByteCount
        else { throw .unreadable }
        guard let pin, let named = message.record.pin, ConstantTime.equal(named, pin) else { throw .wrongCertificate }
        guard keys.ring?.hasRevoked(message.record.id) != true, keys.ring?.hasRevoked(pin: pin) != true else { throw .revoked }
        return (message, opened.key)
    }
}

extension KeysMessage.Answer {
    func sealed(key: FleetKey, fleetTag: UInt32, nonce: [UInt8]) -> [UInt8]? {
        guard let text = try? JSONEncoder().encode(self) else { return nil }
        return SealedBody.seal(Array(text), for: .keysAnswer, key: key, fleetTag: fleetTag, context: nonce)
    }

    static func open(_ bytes: [UInt8], keys: FleetKeys, nonce: [UInt8]) -> KeysMessage.Answer? {
        guard bytes.count <= KeysMessage.byteLimit,
            let opened = SealedBody.open(bytes, for: .keysAnswer, keys: keys, context: nonce)
        else { return nil }
        return try? JSONDecoder().decode(KeysMessage.Answer.self, from: Data(opened.text))
    }
}
