import Crypto
import Gossip

/// Makes this peer's datagrams ready to send: numbers and seals them (mesh protocol §5.1, §5.3).
///
/// The nonce is (generation, sequence) under a key of this sender alone. The generation is on disk before the first datagram; the
/// sequence begins at a random place and now and then leaps a random distance, so that a state directory that was set back
/// to an older copy, or a virtual machine that was, does not run through the same numbers again (decision 38).
struct DatagramSealer {
    /// Where the sequence may begin; with all leaps of a century it stays below 2^63.
    static let startRange: Range<UInt64> = 1..<(1 << 61)
    static let leapRange: Range<UInt64> = 1..<(1 << 32)

    private let sender: UInt64
    private let cipher: DatagramCipher
    private var keyID: UInt16
    private var key: SymmetricKey
    private var fleetTag: UInt32
    /// Of the datagram before. Settable for tests.
    var sequence: UInt64

    init(keys: FleetKeys, sender: UInt64, cipher: DatagramCipher = .preferred) {
        var random = SystemRandomNumberGenerator()
        self.sender = sender
        self.cipher = cipher
        keyID = keys.active.id
        key = keys.active.senderKey(sender)
        fleetTag = keys.tag
        sequence = .random(in: Self.startRange, using: &random)
    }

    /// Seals with these keys from now on. The sequence goes on: a key that comes back cannot meet a number that it has seen.
    mutating func use(_ keys: FleetKeys) {
        keyID = keys.active.id
        key = keys.active.senderKey(sender)
        fleetTag = keys.tag
    }

    /// Leaps ahead. The distance comes from the kernel, which mixes in new randomness when a virtual machine is set back.
    mutating func leap() {
        var random = SystemRandomNumberGenerator()
        sequence += .random(in: Self.leapRange, using: &random)
    }

    /// The bytes of one UDP packet: the envelope in clear, the sealed body, and the tag over both.
    mutating func seal(_ datagram: Datagram) -> [UInt8] {
        sequence += 1
        let clear = DatagramCodec.encode(
            datagram, keyID: keyID, fleetTag: fleetTag, sequence: sequence, kind: cipher.rawValue)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(clear.count + Envelope.tagByteCount)
        bytes += clear[..<Envelope.byteCount]
        cipher.seal(clear[Envelope.byteCount...], behind: &bytes, using: key)
        return bytes
    }
}
