import Glibc

/// The clock that both ends of a measurement read: nanoseconds, only forward, the same in every process of the machine.
enum Clock {
    /// Now.
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
