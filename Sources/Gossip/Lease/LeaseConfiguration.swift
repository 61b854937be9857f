/// The lease's times (mesh protocol §7.4, §7.5).
public struct LeaseConfiguration: Hashable, Sendable {
    /// L: how long a grant is valid at its holder, from the sending of the request.
    public var length: Duration = .milliseconds(2_000)
    /// The longest L to which a bad network drives it.
    public var longestLength: Duration = .milliseconds(5_000)
    /// After so long without a wide gap L is `length` again.
    public var quietTime: Duration = .seconds(1_800)
    /// R: how often the holder renews.
    public var renewal: Duration = .milliseconds(400)
    /// An unanswered renewal or request is sent again after this.
    public var retransmit: Duration = .milliseconds(100)
    /// The voter keeps a grant for L·(1 + 2ρ) + this.
    public var voterMargin: Duration = .milliseconds(5)
    /// ρ in parts per thousand: the assumed error of one clock's rate.
    public var clockErrorPerMille: Int64 = 10
    /// A command is sent only while its target is held for this much longer.
    public var commandMargin: Duration = .milliseconds(20)
    /// How long a successor's grant is kept free after a hand-over.
    public var handOverReservation: Duration = .milliseconds(500)
    /// A candidate gives up after this.
    public var electionTimeout: Duration = .milliseconds(600)
    /// The least quarantine after an unclean stop that had granted something.
    public var leastQuarantine: Duration = .milliseconds(5_100)

    #if MUTANTS
    /// A deliberate fault.
    public var mutant: RulesMutant?
    #endif

    /// The standard times.
    public init() {}

    /// How long a voter keeps a grant of `length`.
    public func voterLength(_ length: Duration) -> Duration {
        length + .nanoseconds(length.wholeNanoseconds * 2 * clockErrorPerMille / 1_000) + voterMargin
    }
}
