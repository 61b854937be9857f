/// A running hash (64 bits) of everything that happens: two runs with one seed must end with the same value. Multiply and shift per
/// word, as in the finalisers of MurmurHash3: it has to be quick and to see every bit, not to withstand an attacker.
public struct Digest: Hashable, Sendable {
    /// The hash so far.
    public private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Takes in a word.
    mutating func add(_ word: UInt64) {
        value = (value ^ word) &* 0xFF51_AFD7_ED55_8CCD
        value ^= value >> 32
    }

    mutating func add(_ word: some BinaryInteger) { add(UInt64(truncatingIfNeeded: word)) }
}
