import Crypto
import Gossip

/// Checks what comes in: fleet, tag, replay, body. Nothing but an authentic datagram changes its state.
struct DatagramOpener {
    private let keys: FleetKeys
    private var senders: SenderBook

    init(keys: FleetKeys, senders: SenderBook = SenderBook()) {
        self.keys = keys
        self.senders = senders
    }

    /// The datagram in a UDP packet.
    mutating func open(_ bytes: [UInt8]) throws(DropFailure) -> Datagram {
        let envelope = try Self.envelope(of: bytes)
        guard envelope.fleetTag == keys.tag else { throw DropFailure(.fleet) }
        guard envelope.keyID == DatagramSealer.keyID else { throw DropFailure(.key) }
        let senderKey = senders.key(of: envelope.sender) ?? keys.active.senderKey(envelope.sender)
        let end = bytes.count - Envelope.tagByteCount
        let expected = HMAC<SHA256>.authenticationCode(for: bytes[..<end], using: senderKey).prefix(Envelope.tagByteCount)
        guard ConstantTime.equal(Array(expected), bytes[end...]) else { throw DropFailure(.forged) }
        try senders.admit(envelope, key: senderKey)
        do throws(WireError) {
            return try DatagramCodec.decode(bytes, until: end, envelope: envelope)
        } catch {
            throw DropFailure(.malformed)
        }
    }

    private static func envelope(of bytes: [UInt8]) throws(DropFailure) -> Envelope {
        guard let first = bytes.first else { throw DropFailure(.size) }
        guard first == Envelope.magic else { throw DropFailure(.foreign) }
        guard bytes.count >= Envelope.byteCount + Envelope.tagByteCount else { throw DropFailure(.size) }
        do throws(WireError) {
            return try Envelope(decoding: bytes)
        } catch {
            switch error {
            case .tooLong, .tooShort: throw DropFailure(.size)
            case .foreign: throw DropFailure(.foreign)
            default: throw DropFailure(.version)
            }
        }
    }
}
