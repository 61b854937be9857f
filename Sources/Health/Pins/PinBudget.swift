/// How much memory pinned models may take (herd-compat §1.7, §6.8).
public struct PinBudget: Hashable, Sendable {
    /// A loaded model takes so many times its weights, where nobody has measured it.
    public static let overhead = 1.2
    /// The share of a node's memory that pinned models may take.
    public static let share = 0.8

    /// The node's memory, GB; 0 while it is not known: then nothing is over budget.
    public var totalGigabytes: Double
    /// What is pinned already, GB by model.
    public var pinned: [String: Double]

    /// The budget of a node.
    public init(totalGigabytes: Double, pinned: [String: Double]) {
        self.totalGigabytes = totalGigabytes
        self.pinned = pinned
    }

    /// What pinned models may take, GB.
    public var gigabytes: Double { totalGigabytes * Self.share }
    /// What they take, GB.
    public var pinnedGigabytes: Double { pinned.values.sorted().reduce(0, +) }

    /// A further model of that size may be pinned; one that is pinned already may in any case.
    public func admits(_ model: String, gigabytes: Double) -> Bool {
        pinned[model] != nil || totalGigabytes <= 0 || pinnedGigabytes + gigabytes <= self.gigabytes
    }

    /// What a model takes in memory: as measured where it is or was loaded, else estimated by its weights.
    /// 0 where nothing is known.
    public static func estimate(measured: Double?, weights: Double) -> Double {
        if let measured, measured > 0 { return measured }
        return max(0, weights) * overhead
    }
}
