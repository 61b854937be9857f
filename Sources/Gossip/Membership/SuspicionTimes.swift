/// How long a suspicion lasts (mesh protocol §3.2), in whole numbers so that every machine computes the same.
struct SuspicionTimes {
    /// T.
    var interval = Duration.milliseconds(500)
    /// The least is this times max(1, log10 N) intervals.
    var multiplier = 3
    /// Up to three peers, where there are few or no helpers, this much of that.
    var percentForFew = 150

    /// The least: 3·max(1, log10 N)·T; half as much again up to three peers.
    func least(peers: Int) -> Duration {
        let factor = max(1_000, Self.thousandthsOfLog10(peers))
        let base = Int64(multiplier) * factor * interval.wholeNanoseconds / 1_000
        return .nanoseconds(peers <= 3 ? base * Int64(percentForFew) / 100 : base)
    }

    /// The time-out with this many independent accusers (Lifeguard §IV-B): six times the least, falling with the logarithm of the
    /// confirmations to the least when two less than the multiplier have confirmed, or when nobody else can. With the multiplier
    /// 3 that is one: the first confirmation already gives the least, and there is nothing between the two.
    func timeout(peers: Int, accusers: Int, othersCanConfirm: Bool) -> Duration {
        let least = least(peers: peers)
        let wanted = peers < multiplier ? 0 : multiplier - 2
        let confirmations = max(0, accusers - 1)
        guard othersCanConfirm, confirmations < wanted else { return least }
        let share = Self.thousandthsOfLog10(confirmations + 1) * 1_000 / max(1, Self.thousandthsOfLog10(wanted + 1))
        return .nanoseconds(least.wholeNanoseconds * (6_000 - 5 * share) / 1_000)
    }

    /// 1000·log10(n), rounded down, by repeated squaring.
    static func thousandthsOfLog10(_ n: Int) -> Int64 {
        guard n > 1 else { return 0 }
        let bounded = UInt64(min(n, 1 << 30))
        let whole = 63 - bounded.leadingZeroBitCount
        var mantissa = bounded << UInt64(31 - whole)
        var fraction: Int64 = 0
        for _ in 0..<16 {
            mantissa = (mantissa * mantissa) >> 31
            fraction <<= 1
            if mantissa >> 32 != 0 {
                fraction |= 1
                mantissa >>= 1
            }
        }
        let logarithm = Int64(whole) << 16 | fraction
        return logarithm * 30_103 / (100 * 65_536)
    }

    /// ⌈log10(n + 1)⌉ for n ≥ 1: the number of decimal digits of n.
    static func digits(_ n: Int) -> Int {
        var count = 1
        var rest = n / 10
        while rest > 0 {
            count += 1
            rest /= 10
        }
        return count
    }
}
