/// The state of the failure detector: whose turn it is, what is under way, and how healthy this peer itself is.
struct Prober: Sendable {
    /// The members in the shuffled order of this round; departed ones are skipped.
    var order: [PeerID] = []
    /// The next place in `order`.
    var cursor = 0
    /// The member that failed once: the next period goes to it again.
    var again: PeerID?
    /// Probes under way.
    var probes: [Probe] = []
    /// Probes made for others.
    var relays: [Relay] = []
    /// The last number given to a ping.
    var sequence: UInt32
    /// Lifeguard's local health multiplier, 0…7: how much this peer distrusts its own timing.
    var localHealth = 0
    /// The probe timer runs.
    var isTicking = false
    /// Nobody is accused before this: the own timers are stale after a sleep.
    var accuseNobodyUntil = Instant.zero

    /// No more probes are made for others at one time.
    static let mostRelays = 64
    /// No more probes are started by hints at one time.
    static let mostHints = 8

    /// The next ping's number.
    mutating func nextSequence() -> UInt32 {
        sequence &+= 1
        return sequence
    }

    /// Changes the health multiplier within its bounds.
    mutating func changeHealth(by delta: Int) {
        localHealth = max(0, min(7, localHealth + delta))
    }

    /// `duration` × (1 + local health).
    func stretched(_ duration: Duration) -> Duration { duration * (1 + localHealth) }

    /// Removes all probes of `target`.
    mutating func drop(_ target: PeerID) {
        probes.removeAll { $0.target == target }
    }
}
