/// What came of one schedule.
public struct Outcome: Sendable {
    /// The seed.
    public var seed: UInt64
    /// How many peers.
    public var peers: Int
    /// The hash of every event and action.
    public var hash: UInt64 = 0
    /// Events that peers handled.
    public var steps = 0
    /// True time simulated.
    public var simulated = Duration.zero
    /// From the end of the faults until one router is obeyed by all and the tables agree; nil if that never came.
    public var convergence: Duration?
    /// Faults that took effect, by kind. Only looked up.
    public var faults: [Fault.Kind: Int] = [:]
    /// Routers elected in all.
    public var elections = 0
    /// Fenced commands that had their effect.
    public var admitted = 0
    /// Commands that no target accepted.
    public var refused = 0
    /// Changed datagrams that the decoder read all the same; the tag would have stopped them before.
    public var corrupted = 0
    /// Datagrams that went inside peer links.
    public var tunnelled = 0
    /// Suspicions of peers that were there and linked.
    public var suspicions = 0
    /// Such peers taken for dead.
    public var falseDeaths = 0
    /// The longest that a suspected peer had been there and linked again.
    public var longestSuspicion = Duration.zero
    /// The most bytes that a peer sent within a second, without elections.
    public var mostBytes = 0
    /// The most for elections.
    public var mostLeaseBytes = 0
    /// The most timers that a peer held.
    public var mostTimers = 0
    /// The most rumours.
    public var mostRumours = 0
    /// Several routers met at the end of the faults, one of them clearly above the others.
    public var contests = 0
    /// What became of requests.
    public var requests = RequestCounts()
    /// What must not have happened.
    public var violations: [Violation] = []

    init(seed: UInt64, peers: Int) {
        self.seed = seed
        self.peers = peers
    }
}
