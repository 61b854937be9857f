/// A point on this machine's boot clock (`CLOCK_BOOTTIME`): it goes on while the machine sleeps.
///
/// Instants of two machines are not comparable. The rules never read a clock: every instant is handed to them.
public struct Instant: Hashable, Comparable, Sendable {
    /// Nanoseconds since boot.
    public var nanoseconds: Int64

    /// An instant `nanoseconds` after boot.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The instant of boot.
    public static let zero = Instant(nanoseconds: 0)

    /// Later than every instant that occurs: "no timer".
    public static let distantFuture = Instant(nanoseconds: .max)

    /// Orders by value.
    @inlinable public static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }
    // The protocol's own versions of these three go through a table of functions, and the rules compare times more than
    // anything else.
    /// Orders by value.
    @inlinable public static func > (a: Instant, b: Instant) -> Bool { a.nanoseconds > b.nanoseconds }
    /// Orders by value.
    @inlinable public static func <= (a: Instant, b: Instant) -> Bool { a.nanoseconds <= b.nanoseconds }
    /// Orders by value.
    @inlinable public static func >= (a: Instant, b: Instant) -> Bool { a.nanoseconds >= b.nanoseconds }
    /// The same instant.
    @inlinable public static func == (a: Instant, b: Instant) -> Bool { a.nanoseconds == b.nanoseconds }

    /// The instant `duration` after `instant`; stays at `distantFuture`.
    public static func + (instant: Instant, duration: Duration) -> Instant {
        let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
        return Instant(nanoseconds: overflow ? .max : sum)
    }

    /// The instant `duration` before `instant`.
    public static func - (instant: Instant, duration: Duration) -> Instant {
        Instant(nanoseconds: instant.nanoseconds - duration.wholeNanoseconds)
    }

    /// The time from `b` to `a`; negative when `b` is later.
    public static func - (a: Instant, b: Instant) -> Duration {
        // The product of two 64-bit numbers fits: no check for overflow is needed, which `.nanoseconds` makes.
        Duration(attoseconds: Int128(a.nanoseconds - b.nanoseconds) &* 1_000_000_000)
    }
}

extension Duration {
    /// This duration in nanoseconds, rounded towards zero.
    public var wholeNanoseconds: Int64 {
        // Up to nine seconds a number of 64 bits holds it, and one short division does.
        if let short = Int64(exactly: attoseconds) { return short / 1_000_000_000 }
        let parts = components
        return parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000
    }

    /// This duration in milliseconds, rounded towards zero.
    public var wholeMilliseconds: Int64 { wholeNanoseconds / 1_000_000 }
}
