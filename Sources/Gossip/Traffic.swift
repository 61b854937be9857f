/// What this peer sends of its own accord within a second, headers included: a hard bound, whatever happens and whatever the
/// fleet's size (mesh protocol §4.3).
///
/// Rumours give way first, then what can wait. Messages of the election are counted apart: their number is bounded by the
/// lease's own times.
struct Traffic: Sendable {
    /// No second has more bytes than this.
    static let most = 22_000
    /// What rumours may take of it: the rest is for probes and their answers.
    static let mostWithItems = 18_800
    /// Bytes around a datagram's body: IP and UDP, envelope, tag.
    static let overhead = 28 + Envelope.byteCount + Envelope.tagByteCount
    /// Time is counted in slots: one more than a second has, so that every second is covered.
    private static let slotNanoseconds: Int64 = 50_000_000
    private static let slotCount = 21

    private var slots = [Int](repeating: 0, count: slotCount)
    private var slot: Int64 = 0
    /// Bytes within the last second or a little more.
    private(set) var recent = 0
    /// Bytes since the start, without the election's.
    private(set) var total: UInt64 = 0
    /// Bytes of the election's messages since the start.
    private(set) var election: UInt64 = 0
    /// Messages that had to wait or were left out.
    private(set) var postponed: UInt64 = 0

    /// Counts a datagram.
    mutating func count(_ datagram: Datagram, _ now: Instant) {
        var bytes = Self.overhead + DatagramCodec.headerByteCount + datagram.message.encodedSize
        if case .lease = datagram.message {
            election += UInt64(bytes)
            return
        }
        for item in datagram.items { bytes += item.encodedSize }
        advance(now)
        slots[Int(slot % Int64(Self.slotCount))] += bytes
        recent += bytes
        total += UInt64(bytes)
    }

    /// Bytes of items that may be sent now.
    mutating func roomForItems(_ now: Instant) -> Int {
        advance(now)
        return max(0, Self.mostWithItems - recent)
    }

    /// A message that can wait may be sent now; counts when not.
    mutating func hasRoom(_ now: Instant) -> Bool {
        advance(now)
        // The rest is for what cannot wait.
        guard recent < Self.most - 1_500 else {
            postponed += 1
            return false
        }
        return true
    }

    private mutating func advance(_ now: Instant) {
        let current = now.nanoseconds / Self.slotNanoseconds
        guard current > slot else { return }
        if current - slot >= Int64(Self.slotCount) {
            for place in 0..<Self.slotCount { slots[place] = 0 }
            recent = 0
        } else {
            while slot < current {
                slot += 1
                let place = Int(slot % Int64(Self.slotCount))
                recent -= slots[place]
                slots[place] = 0
            }
        }
        slot = current
    }
}
