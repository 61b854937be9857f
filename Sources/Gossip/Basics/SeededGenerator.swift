/// A small seedable generator (xoshiro256++ by Blackman and Vigna, seeded by SplitMix64).
///
/// Every random choice of the rules comes from one of these, stored in the value, so a seed repeats a run exactly.
/// It is not for keys or ids.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// A generator whose whole output follows from `seed`.
    public init(seed: UInt64) {
        var mixer = seed
        func word() -> UInt64 {
            mixer &+= 0x9E37_79B9_7F4A_7C15
            var z = mixer
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        state = (word(), word(), word(), word())
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        let result = Self.rotate(state.0 &+ state.3, 23) &+ state.0
        let t = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= t
        state.3 = Self.rotate(state.3, 45)
        return result
    }

    /// A duration drawn evenly from zero up to, not including, `limit`.
    public mutating func duration(below limit: Duration) -> Duration {
        let width = limit.wholeNanoseconds
        return width <= 0 ? .zero : .nanoseconds(Int64.random(in: 0..<width, using: &self))
    }

    private static func rotate(_ value: UInt64, _ by: UInt64) -> UInt64 { (value << by) | (value >> (64 - by)) }
}
