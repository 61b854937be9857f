/// A running FNV-1a hash (64 bits) of everything that happens: two runs with one seed must end with the same value.
public struct Digest: Hashable, Sendable {
    /// The hash so far.
    public private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Takes in the eight bytes of a word.
    mutating func add(_ word: UInt64) {
        var rest = word
        for _ in 0..<8 {
            value = (value ^ (rest & 0xFF)) &* 0x0000_0100_0000_01B3
            rest >>= 8
        }
    }

    mutating func add(_ word: some BinaryInteger) { add(UInt64(truncatingIfNeeded: word)) }
}
