import Gossip

/// Lets 64 sightings through at once and 16 a second after that: a flood on the local network must not become ours.
struct SightingBudget {
    static let burst: Int64 = 64
    static let perSecond: Int64 = 16

    private var tokens = SightingBudget.burst
    private var filledAt: Instant

    init(now: Instant) { filledAt = now }

    mutating func spend(now: Instant) -> Bool {
        let step = 1_000_000_000 / Self.perSecond
        let earned = max(0, (now - filledAt).wholeNanoseconds / step)
        if earned > 0 {
            tokens = min(Self.burst, tokens + min(earned, Self.burst))
            filledAt = filledAt + .nanoseconds(step * min(earned, Int64.max / step))
        }
        guard tokens > 0 else { return false }
        tokens -= 1
        return true
    }
}
