/// The last sixteen times that serving took, without a single allocation: recorded with every request, read by those who ask.
public struct ServiceTimes: Hashable, Sendable {
    /// Samples kept.
    public static let capacity = 16

    private var samples = SIMD16<Float>()
    private var written = 0

    /// None.
    public init() {}

    /// How many were recorded, ever.
    public var count: Int { written }

    /// One more, milliseconds; what is not a time is ignored.
    public mutating func add(milliseconds: Double) {
        guard milliseconds >= 0, milliseconds.isFinite else { return }
        samples[written % Self.capacity] = Float(min(milliseconds, WaitEstimate.longest))
        written += 1
    }

    /// The 75th percentile (nearest rank) of those kept, milliseconds; nil without one.
    public var p75: Double? {
        let kept = min(written, Self.capacity)
        guard kept > 0 else { return nil }
        let sorted = (0..<kept).map { samples[$0] }.sorted()
        return Double(sorted[(kept * 3 + 3) / 4 - 1])
    }
}
