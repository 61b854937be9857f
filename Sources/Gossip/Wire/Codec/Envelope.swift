/// The clear-text head of every datagram (mesh protocol §5.1): what a receiver must know before it can check the tag.
public struct Envelope: Hashable, Sendable {
    /// The protocol version that the body is written in, 1…15.
    public var version: UInt8
    /// How the body is sealed: 1 AES-256-GCM, 2 ChaCha20-Poly1305. What seals is the shell's affair.
    public var kind: UInt8
    /// Which of the fleet's keys made the tag.
    public var keyID: UInt16
    /// Which fleet, as a hash.
    public var fleetTag: UInt32
    /// Who sent it, by short id.
    public var sender: UInt64
    /// The sender's boot counter.
    public var generation: UInt32
    /// Counts the sender's datagrams of this generation: part of the nonce, and what the replay window looks at.
    public var sequence: UInt64

    /// An envelope.
    public init(
        version: UInt8 = 1, kind: UInt8 = 1, keyID: UInt16, fleetTag: UInt32, sender: UInt64, generation: UInt32, sequence: UInt64
    ) {
        self.version = version
        self.kind = kind
        self.keyID = keyID
        self.fleetTag = fleetTag
        self.sender = sender
        self.generation = generation
        self.sequence = sequence
    }

    /// The first byte of every datagram.
    public static let magic: UInt8 = 0x48
    /// The protocol versions that this program speaks.
    public static let versions: ClosedRange<UInt8> = 1...1
    /// The kinds of seal that this program knows.
    public static let kinds: ClosedRange<UInt8> = 1...2
    /// Its length in bytes.
    public static let byteCount = 28
    /// The length in bytes of the authentication tag that follows the body.
    public static let tagByteCount = 16

    /// Reads the head of `bytes`. Throws when they are too few or too many, foreign, or of another version or kind.
    public init(decoding bytes: [UInt8], versions: ClosedRange<UInt8> = Self.versions) throws(WireError) {
        guard bytes.count >= Self.byteCount else { throw .tooShort(bytes: bytes.count) }
        guard bytes.count <= Datagram.maximumBytes else { throw .tooLong(bytes: bytes.count) }
        guard bytes[0] == Self.magic else { throw .foreign }
        version = bytes[1] >> 4
        guard versions.contains(version) else { throw .unsupportedVersion(version) }
        kind = bytes[1] & 15
        guard Self.kinds.contains(kind) else { throw .unknownKind(kind) }
        var reader = ByteReader(bytes, from: 2, until: Self.byteCount)
        keyID = try reader.take()
        fleetTag = try reader.take()
        sender = try reader.take()
        generation = try reader.take()
        sequence = try reader.take()
    }

    /// Appends the 28 bytes.
    func encode(into writer: inout ByteWriter) {
        writer.put(Self.magic)
        writer.put(version << 4 | kind & 15)
        writer.put(keyID)
        writer.put(fleetTag)
        writer.put(sender)
        writer.put(generation)
        writer.put(sequence)
    }
}
