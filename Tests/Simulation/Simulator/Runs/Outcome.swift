/// What came of one schedule.
public struct Outcome: Sendable {
    /// The seed.
    public var seed: UInt64
    /// How many peers.
    public var peers: Int
    /// The hash of every event and action.
    public var hash: UInt64
    /// Events that peers handled.
    public var steps: Int
    /// True time simulated.
    public var simulated: Duration
    /// From the end of the faults until one router is obeyed by all and the tables agree; nil if that never came.
    public var convergence: Duration?
    /// Faults that took effect.
    public var faults: Int
    /// Routers elected in all.
    public var elections: Int
    /// Fenced commands that had their effect, and that were refused.
    public var admitted: Int
    /// Commands that no target accepted.
    public var refused: Int
    /// What must not have happened.
    public var violations: [Violation]
}
