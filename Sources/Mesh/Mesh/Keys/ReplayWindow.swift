/// Which of a sender's last 1,024 sequence numbers have been seen (mesh protocol §5.3.3; the method is RFC 4303 §3.4.3's).
struct ReplayWindow: Hashable {
    static let size: UInt64 = 1_024

    private(set) var highest: UInt64 = 0
    /// A ring of bits, indexed by the sequence number.
    private var bits = [UInt64](repeating: 0, count: Int(size) / 64)

    /// Marks `sequence` as seen; false when it was seen before or lies behind the window. Sequence numbers begin at 1.
    mutating func accept(_ sequence: UInt64) -> Bool {
        guard sequence > 0 else { return false }
        if sequence > highest {
            if sequence - highest >= Self.size {
                for index in bits.indices { bits[index] = 0 }
            } else {
                for skipped in (highest + 1)...sequence { clear(skipped) }
            }
            highest = sequence
            mark(sequence)
            return true
        }
        guard highest - sequence < Self.size, !isMarked(sequence) else { return false }
        mark(sequence)
        return true
    }

    private static func place(_ sequence: UInt64) -> (word: Int, bit: UInt64) {
        let position = sequence % size
        return (Int(position / 64), 1 << (position % 64))
    }

    private mutating func mark(_ sequence: UInt64) {
        let place = Self.place(sequence)
        bits[place.word] |= place.bit
    }

    private mutating func clear(_ sequence: UInt64) {
        let place = Self.place(sequence)
        bits[place.word] &= ~place.bit
    }

    private func isMarked(_ sequence: UInt64) -> Bool {
        let place = Self.place(sequence)
        return bits[place.word] & place.bit != 0
    }
}
