/// The scoring terms as plain functions: ollama-herd's formulas and figures (herd-compat §6.3).
struct Formulas: Sendable {
    /// What a conversation that last ran on an idle machine adds there.
    static let sessionBonus = 20.0
    /// What a prompt head that last ran on an idle machine adds there.
    static let prefixBonus = 10.0

    let configuration: ScoringConfiguration

    /// In memory, unloaded a short time ago, or on disk.
    func thermal(loaded: Bool, warm: Bool) -> Double {
        loaded ? configuration.modelHot : warm ? configuration.modelWarm : configuration.modelCold
    }

    /// `ratio` is free memory through the model's cost; nil where it is unknown.
    func memoryFit(loaded: Bool, ratio: Double?) -> Double {
        let full = configuration.memoryFitMax
        if loaded { return full }
        guard let ratio else { return 0 }
        if ratio > 2 { return full }
        if ratio > 1.5 { return full * 0.75 }
        if ratio > 1.2 { return full * 0.4 }
        return ratio >= 1 ? full * 0.15 : 0
    }

    /// `depth` requests are before this one; a machine of `divisor` times the fleet's median bandwidth feels so much less of
    /// them.
    func queueDepth(_ depth: Double, divisor: Double) -> Double {
        guard depth > 0 else { return 0 }
        return -min(configuration.queueDepthMaxPenalty, configuration.queueDepthPenaltyPer * depth / divisor)
    }

    /// One point per ten seconds that the requests before this one will take. Counts requests, not shares of bandwidth: the
    /// latency already tells how fast the machine is.
    func waitTime(_ depth: Double, p75Milliseconds: Double) -> Double {
        guard depth > 0 else { return 0 }
        return -min(configuration.waitTimeMaxPenalty, depth * p75Milliseconds / 1000 / 10)
    }

    /// What 100 tokens would take on a machine without history, milliseconds. `bandwidth` in GB/s, 0 for unknown.
    func coldStartMilliseconds(sizeGB: Double, bandwidth: Double) -> Double {
        let tokensPerSecond =
            bandwidth > 0 ? max(10, 1.2 * bandwidth / max(1, sizeGB / 10)) : max(1, 100 / max(sizeGB, 0.01))
        return 100 / tokensPerSecond * 1000
    }

    /// Large models to fast or large machines, small ones away from them. `bandwidth` in GB/s, 0 for unknown.
    func roleAffinity(sizeGB: Double, bandwidth: Double, memoryTotalGiB: Double) -> Double {
        let large = sizeGB > configuration.roleLargeThresholdGB
        let small = sizeGB < configuration.roleSmallThresholdGB
        if configuration.bandwidthAware && bandwidth > 0 {
            let bonus = min(25, 5 + bandwidth / 40)
            if large { return bonus }
            return small ? max(3, 18 - 0.6 * bonus) : 0.6 * bonus
        }
        if large { return memoryTotalGiB >= 128 ? 15 : memoryTotalGiB >= 32 ? 5 : 0 }
        if small { return memoryTotalGiB <= 32 ? 15 : memoryTotalGiB <= 128 ? 8 : 3 }
        return 5
    }

    /// `availability` is 0…1; nil while nothing is known of the machine's habits.
    func availabilityTrend(_ availability: Double?) -> Double {
        guard let availability else { return 0 }
        return min(configuration.availabilityTrendMax, configuration.availabilityTrendMax * availability)
    }

    /// How well the loaded `context` (tokens, 0 for unknown or not loaded) holds the prompt. A client that asks for more context
    /// than is loaded makes the engine load again, or gets less than it asked for: as bad as a prompt that is too long.
    func contextFit(context: Int, tokens: Int, requested: Int?) -> Double {
        let full = configuration.contextFitMax
        guard context > 0 else { return 0 }
        if let requested, requested > context { return -full }
        guard tokens > 0 else { return 0 }
        let ratio = Double(context) / Double(tokens)
        if ratio < 1 { return -full }
        if ratio < 1.5 { return full * 0.2 }
        if ratio < 3 { return full * 0.5 }
        return ratio < 8 ? full * 0.8 : full
    }

    /// A bonus that fades with the requests before this one.
    func affinity(_ bonus: Double, depth: Double) -> Double { bonus / (1 + max(0, depth) / 2) }

    /// The middle of `values`, or the mean of the two in the middle; nil for none.
    static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
