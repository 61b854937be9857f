import Glibc
public import Gossip

/// The three clocks that the mesh reads. Tests put a hand-turned one in its place.
public protocol MeshClock: Sendable {
    /// `CLOCK_BOOTTIME`: goes on while the machine sleeps. Every decision of the rules is taken on it (mesh protocol §7.4).
    func boot() -> Instant
    /// `CLOCK_MONOTONIC`: stops while the machine sleeps. Only the difference to `boot` is used.
    func monotonic() -> Instant
    /// Milliseconds since 1970, for people and for files that outlive a boot. Decides no lease.
    func wallMilliseconds() -> Int64
}

/// The clocks of this machine.
public struct SystemMeshClock: MeshClock {
    /// The clocks of this machine.
    public init() {}

    /// Reads `CLOCK_BOOTTIME`.
    public func boot() -> Instant { Instant(nanoseconds: Self.read(CLOCK_BOOTTIME)) }

    /// Reads `CLOCK_MONOTONIC`.
    public func monotonic() -> Instant { Instant(nanoseconds: Self.read(CLOCK_MONOTONIC)) }

    /// Reads `CLOCK_REALTIME`.
    public func wallMilliseconds() -> Int64 { Self.read(CLOCK_REALTIME) / 1_000_000 }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
