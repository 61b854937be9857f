/// How much of a model's context its requests use, and how much they need (herd-compat §6.7).
public struct ContextAdvice: Hashable, Sendable {
    /// The part of the context that 99 of 100 requests need, percent; nil without a context.
    public var utilizationPercent: Double?
    /// The context that would do, tokens: a power of two.
    public var recommended: Int?
    /// What that would save, percent; nil where it saves nothing.
    public var savingsPercent: Double?

    /// - Parameters:
    ///   - allocated: the context in memory; nil while the model is not loaded.
    ///   - tokens: of prompt and answer, by request.
    ///   - latestMaximum: the largest request of the last 24 hours.
    public init(allocated: Int?, tokens: LogHistogram, latestMaximum: Double?) {
        guard let most = tokens.percentile(0.99) else { return }
        let used = min(most, tokens.maximum)
        let needed = 1.5 * max(used, latestMaximum ?? 0)
        var power = 4_096
        while Double(power) < needed, power < 1 << 30 { power *= 2 }
        recommended = power
        guard let allocated, allocated > 0 else { return }
        utilizationPercent = (used * 100 / Double(allocated)).tenths
        savingsPercent = power < allocated ? (Double(allocated - power) * 100 / Double(allocated)).tenths : nil
    }
}
