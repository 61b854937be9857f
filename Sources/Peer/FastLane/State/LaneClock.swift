internal import Gossip

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// The clocks of the request path: the boot clock that views are stamped with, and the wall clock for trace rows.
enum LaneClock {
    /// Now on the boot clock, as the mesh stamps its records.
    static var now: Instant {
        #if os(Linux)
        Instant(nanoseconds: read(CLOCK_BOOTTIME))
        #else
        Instant(nanoseconds: read(CLOCK_MONOTONIC))
        #endif
    }

    /// Seconds since 1970.
    static var wallSeconds: Double { Double(read(CLOCK_REALTIME)) / 1e9 }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

extension Duration {
    /// This duration in milliseconds with its fraction.
    var milliseconds: Double { Double(wholeNanoseconds) / 1e6 }
}
