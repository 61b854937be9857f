/// The scoring terms of one candidate (herd-compat §6.3); the names in traces are those of `names`.
public struct Signals: Hashable, Sendable, Codable {
    /// Loaded, warm, on disk.
    public var thermal = 0.0
    /// Room for the model.
    public var memoryFit = 0.0
    /// Requests before this one, a penalty.
    public var queueDepth = 0.0
    /// Time that those will take by the latency history, a penalty.
    public var waitTime = 0.0
    /// Large models to large machines.
    public var roleAffinity = 0.0
    /// Free at this hour.
    public var availabilityTrend = 0.0
    /// The loaded context holds the prompt.
    public var contextFit = 0.0
    /// This conversation last ran here.
    public var sessionAffinity = 0.0
    /// This prompt's head last ran here.
    public var prefixAffinity = 0.0

    /// All zero.
    public init() {}

    /// The sum.
    public var total: Double {
        thermal + memoryFit + queueDepth + waitTime + roleAffinity + availabilityTrend + contextFit + sessionAffinity
            + prefixAffinity
    }

    private enum CodingKeys: String, CodingKey {
        case thermal
        case memoryFit = "memory_fit"
        case queueDepth = "queue_depth"
        case waitTime = "wait_time"
        case roleAffinity = "role_affinity"
        case availabilityTrend = "availability_trend"
        case contextFit = "context_fit"
        case sessionAffinity = "session_affinity"
        case prefixAffinity = "prefix_affinity"
    }
}
