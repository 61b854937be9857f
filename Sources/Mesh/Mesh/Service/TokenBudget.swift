import Gossip

/// Lets `burst` things through at once and `perSecond` a second after that: a flood must not become ours.
struct TokenBudget {
    private let burst: Int64
    private let perSecond: Int64
    private var tokens: Int64
    private var filledAt: Instant

    init(burst: Int64, perSecond: Int64, now: Instant) {
        self.burst = burst
        self.perSecond = perSecond
        tokens = burst
        filledAt = now
    }

    mutating func spend(now: Instant) -> Bool {
        let step = 1_000_000_000 / perSecond
        let earned = max(0, (now - filledAt).wholeNanoseconds / step)
        if earned > 0 {
            tokens = min(burst, tokens + min(earned, burst))
            filledAt = filledAt + .nanoseconds(step * min(earned, Int64.max / step))
        }
        guard tokens > 0 else { return false }
        tokens -= 1
        return true
    }
}
