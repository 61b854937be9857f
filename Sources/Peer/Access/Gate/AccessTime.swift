/// When a request came, on the two clocks that limits are counted by.
public struct AccessTime: Sendable, Hashable {
    /// Since any fixed moment; never goes back.
    public var elapsed: Duration
    /// Seconds since 1970, for days; may jump when the clock is set.
    public var unixSeconds: Int64

    /// A moment.
    public init(elapsed: Duration, unixSeconds: Int64) {
        self.elapsed = elapsed
        self.unixSeconds = unixSeconds
    }

    /// The day of UTC, counted from 1970.
    var day: Int64 { unixSeconds >= 0 ? unixSeconds / 86_400 : 0 }

    /// Whole seconds until the next day begins, at least 1.
    var secondsLeftOfDay: Int { Int(86_400 - (unixSeconds >= 0 ? unixSeconds % 86_400 : 0)) }
}
