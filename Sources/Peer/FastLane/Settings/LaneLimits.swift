public import Routing

/// What of the lane's settings may change while it runs: the fleet's settings reach it here.
public struct LaneLimits: Sendable, Hashable {
    /// Machines that one round tries, 1 to 3.
    public var maxTries: Int
    /// How long a request may wait when every machine is busy.
    public var ticketWait: Duration
    /// How many requests may wait at this peer.
    public var ticketQueueLimit: Int
    /// Whether a model in memory may answer for one that is not.
    public var substitution: Substitution
    /// Models that nobody has are fetched, where somebody is there to do it.
    public var fetchesModels = true
    /// Contexts follow from what requests needed, where somebody finds that out.
    public var learnsContexts = false

    /// The limits that the lane starts with.
    public init(_ configuration: LaneConfiguration) {
        maxTries = configuration.maxTries
        ticketWait = configuration.ticketWait
        ticketQueueLimit = configuration.ticketQueueLimit
        substitution = configuration.substitution
    }
}
