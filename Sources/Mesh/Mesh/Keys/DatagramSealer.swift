import Crypto
import Gossip

/// Makes this peer's datagrams ready to send: numbers and signs them.
struct DatagramSealer {
    /// The only key so far; a ring of keys comes with closed fleets.
    static let keyID: UInt16 = 0

    private let key: SymmetricKey
    private let fleetTag: UInt32
    private var sequence: UInt64 = 0

    init(keys: FleetKeys, sender: UInt64) {
        key = keys.active.senderKey(sender)
        fleetTag = keys.tag
    }

    /// The bytes of one UDP packet: envelope, body, and HMAC-SHA256 over both, cut to 16 bytes (RFC 2104 §5).
    mutating func seal(_ datagram: Datagram) -> [UInt8] {
        sequence += 1
        var bytes = DatagramCodec.encode(datagram, keyID: Self.keyID, fleetTag: fleetTag, sequence: sequence)
        bytes += HMAC<SHA256>.authenticationCode(for: bytes, using: key).prefix(Envelope.tagByteCount)
        return bytes
    }
}
