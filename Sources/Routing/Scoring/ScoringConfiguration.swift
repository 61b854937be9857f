/// Weights and bounds of scoring; names and defaults are ollama-herd's (`FLEET_SCORE_*`, herd-compat §2.2).
public struct ScoringConfiguration: Hashable, Sendable {
    /// Points for a model in memory.
    public var modelHot = 50.0
    /// Points for a model that left memory less than half an hour ago.
    public var modelWarm = 30.0
    /// Points for a model on disk.
    public var modelCold = 10.0
    /// Points for plenty of room.
    public var memoryFitMax = 20.0
    /// The most that waiting requests cost.
    public var queueDepthMaxPenalty = 30.0
    /// What each waiting request costs.
    public var queueDepthPenaltyPer = 6.0
    /// The most that their time costs.
    public var waitTimeMaxPenalty = 25.0
    /// Models above this are large, GB.
    public var roleLargeThresholdGB = 20.0
    /// Models below this are small, GB.
    public var roleSmallThresholdGB = 8.0
    /// Points for a machine that is surely free at this hour.
    public var availabilityTrendMax = 10.0
    /// Points for a loaded context that holds the prompt many times.
    public var contextFitMax = 15.0
    /// Large models go by memory bandwidth where it is known, else by memory (`FLEET_BANDWIDTH_AWARE_SCORING`).
    public var bandwidthAware = true
    /// A queue costs less on a fast machine (`FLEET_QUEUE_PENALTY_BANDWIDTH_NORMALIZE`).
    public var queuePenaltyBandwidthNormalize = true

    /// ollama-herd's defaults.
    public init() {}
}
