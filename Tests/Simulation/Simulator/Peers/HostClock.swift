import Gossip

/// One host's boot clock: an offset and a constant error of rate, both fixed at its first boot.
struct HostClock: Sendable {
    /// Nanoseconds that the clock shows at the start of the world.
    let offset: Int64
    /// How much it runs ahead, per mille; −10…10 keeps to the protocol's assumption.
    let ratePerMille: Int64
    /// Time taken out by sleeps, for a clock that stops then (a mutant).
    var lost: Int64 = 0

    /// What it shows at a true time.
    func local(_ time: Int64) -> Instant {
        Instant(nanoseconds: offset + time + time * ratePerMille / 1_000 - lost)
    }

    /// The first true time at which it shows `instant`, within a microsecond.
    func trueTime(of instant: Instant) -> Int64 {
        instant.nanoseconds >= Int64.max / 2_000
            ? .max : (instant.nanoseconds - offset + lost) * 1_000 / (1_000 + ratePerMille) + 1_000
    }
}
