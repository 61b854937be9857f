import Crypto
import Gossip

/// Checks what comes in, the cheap things first: form, fleet, key id, sender, tag, replay, body. Nothing but an authentic datagram
/// changes its state, except that the keys of members are kept.
struct DatagramOpener {
    /// First datagrams of senders that are no members, at once and per second. Each costs a key derivation, so that a flood of
    /// made-up senders must not cost more than these; a fleet of a thousand that starts at once still gets through.
    static let strangerBurst: Int64 = 1_024
    static let strangersPerSecond: Int64 = 512

    private var keys: FleetKeys
    private var senders: SenderBook
    private var strangers: TokenBudget?
    /// Short ids of peers that were shut out.
    private var revoked: Set<UInt64> = []

    init(keys: FleetKeys, senders: SenderBook = SenderBook()) {
        self.keys = keys
        self.senders = senders
        noteRevoked()
    }

    /// Opens with these keys from now on.
    mutating func use(_ keys: FleetKeys) {
        self.keys = keys
        senders.keep(keyIDs: keys.ring == nil ? [0] : keys.ids)
        noteRevoked()
    }

    /// These senders are members: their first datagram does not wait for the strangers' budget.
    mutating func setMembers(_ shortIDs: Set<UInt64>) { senders.members = shortIDs }

    /// The datagram in `bytes`. Without `now` the budget for strangers is not asked: for datagrams that came inside a link whose
    /// other end is known.
    mutating func open(_ bytes: [UInt8], now: Instant? = nil) throws(DropFailure) -> Datagram {
        let envelope = try Self.envelope(of: bytes)
        guard envelope.fleetTag == keys.tag else { throw DropFailure(.fleet) }
        guard let fleetKey = keys.key(envelope.keyID) else { throw DropFailure(.key) }
        guard let cipher = DatagramCipher(rawValue: envelope.kind) else { throw DropFailure(.version) }
        guard !revoked.contains(envelope.sender) else { throw DropFailure(.revoked) }
        let senderKey: SymmetricKey
        if let known = senders.key(of: envelope.sender, from: fleetKey) {
            senderKey = known
        } else {
            if let now, !spend(now) { throw DropFailure(.stranger) }
            senderKey = fleetKey.senderKey(envelope.sender)
        }
        var clear = bytes
        guard cipher.open(&clear, using: senderKey) else { throw DropFailure(.forged) }
        try senders.admit(envelope, key: senderKey)
        do throws(WireError) {
            return try DatagramCodec.decode(clear, until: bytes.count - Envelope.tagByteCount, envelope: envelope)
        } catch {
            throw DropFailure(.malformed)
        }
    }

    private mutating func spend(_ now: Instant) -> Bool {
        if strangers == nil {
            strangers = TokenBudget(burst: Self.strangerBurst, perSecond: Self.strangersPerSecond, now: now)
        }
        return strangers?.spend(now: now) ?? false
    }

    private mutating func noteRevoked() { revoked = Set(keys.ring?.revoked.map(\.peer.short) ?? []) }

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
