/// A 64-bit digest of values in their order (FNV-1a, mixed at the end): equal on every machine. It tells states of honest peers
/// apart; it is no protection against forgery.
public struct Fingerprint: Sendable {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    /// A digest of nothing.
    public init() {}

    /// Adds a number.
    public mutating func add(_ value: UInt64) {
        var rest = value
        for _ in 0..<8 {
            add(byte: UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    /// Adds an id.
    public mutating func add(_ id: PeerID) {
        add(id.short)
        add(id.low)
    }

    /// Adds the bytes of a text and their number.
    public mutating func add(_ text: String) {
        add(UInt64(text.utf8.count))
        for byte in text.utf8 { add(byte: byte) }
    }

    private mutating func add(byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x100_0000_01B3
    }

    /// The digest of what was added.
    public var value: UInt64 {
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
