import Gossip

/// One host's boot clock: an offset and a constant error of rate. There is no wall clock here, because the rules see none.
struct HostClock: Sendable {
    /// Nanoseconds that the clock shows at the start of the world.
    private(set) var offset: Int64
    /// How much it runs ahead, per mille; −10…10 keeps to the protocol's assumption.
    let ratePerMille: Int64
    /// Time taken out: by pauses of the virtual machine, and by sleeps for a clock that stops then (a mutant).
    var lost: Int64 = 0

    init(offset: Int64, ratePerMille: Int64) {
        self.offset = offset
        self.ratePerMille = ratePerMille
    }

    /// What it shows at a true time.
    func local(_ time: Int64) -> Instant {
        Instant(nanoseconds: offset + time + time * ratePerMille / 1_000 - lost)
    }

    /// The first true time at which it shows `instant`, within a microsecond.
    func trueTime(of instant: Instant) -> Int64 {
        instant.nanoseconds >= Int64.max / 2_000
            ? .max : (instant.nanoseconds - offset + lost) * 1_000 / (1_000 + ratePerMille) + 1_000
    }

    /// The host boots at a true time: the clock shows `shown` then.
    mutating func restart(at time: Int64, shown: Int64) {
        lost = 0
        offset = shown - time - time * ratePerMille / 1_000
    }
}
