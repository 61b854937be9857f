/// How long a suspicion lasts (mesh protocol §3.2), in whole numbers so that every machine computes the same.
enum SuspicionTimes {
    /// The least: 3·max(1, log10 N)·T; half as much again up to three peers, where there are few or no helpers.
    static func least(peers: Int, interval: Duration) -> Duration {
        let factor = max(1_000, thousandthsOfLog10(peers))
        let base = Int64(3) * factor * interval.wholeNanoseconds / 1_000
        return .nanoseconds(peers <= 3 ? base * 3 / 2 : base)
    }

    /// The time-out with this many independent accusers: six times the least, until one other confirms or nobody else can.
    static func timeout(peers: Int, interval: Duration, accusers: Int, othersCanConfirm: Bool) -> Duration {
        let least = least(peers: peers, interval: interval)
        return accusers >= 2 || !othersCanConfirm ? least : least * 6
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
