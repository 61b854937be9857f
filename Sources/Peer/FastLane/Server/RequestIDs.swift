internal import Gossip

/// Makes the ids of requests: 16 hexadecimal digits that grow with time, so that the index on them in the trace store grows at its
/// edge and not in a thousand places.
///
/// 34 bits of milliseconds (they begin anew after 194 days), 26 bits of chance, 4 bits for the event loop. On one loop each id is
/// greater than the one before, so a peer of at most 16 loops never gives one id twice. Two peers meet by chance: at a hundred
/// requests per second in the whole fleet once in years. The tail cannot be guessed from ids seen before.
struct RequestIDs {
    private let loop: UInt64
    private var last: UInt64 = 0
    private static let chanceBits: UInt64 = 26
    /// Ids of one millisecond follow each other at a distance of up to so much.
    private static let step: UInt64 = 1 << 15
    private static let valueBits: UInt64 = 60

    /// - Parameter loop: The event loop's number.
    init(loop: Int) { self.loop = UInt64(truncatingIfNeeded: loop) & 15 }

    /// The next one.
    /// - Parameter milliseconds: The wall clock, since 1970. One that jumps back is waited for: ids go on growing.
    mutating func next(milliseconds: UInt64, using generator: inout some RandomNumberGenerator) -> String {
        let mask: UInt64 = (1 << Self.valueBits) - 1
        var value = (milliseconds << Self.chanceBits | generator.next() & (1 << Self.chanceBits - 1)) & mask
        // A little before the last one, or far: then the milliseconds began anew.
        if value <= last, last - value < 1 << (Self.valueBits - 1) {
            value = (last + 1 + generator.next() % Self.step) & mask
        }
        last = value
        return Self.text(value << 4 | loop)
    }

    private static func text(_ value: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { digits in
            for place in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * place)) & 15
                digits[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
            }
            return 16
        }
    }
}
