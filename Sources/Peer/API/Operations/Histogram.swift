/// Counts values into fixed buckets and adds them up, as Prometheus' histograms do.
public struct Histogram: Sendable, Equatable {
    /// The highest value of each bucket, rising; one more bucket takes what is above the last.
    public let bounds: [Double]
    /// How many values fell into each bucket, the one above the last bound included.
    public private(set) var counts: [UInt64]
    /// All values added up.
    public private(set) var sum = 0.0

    /// An empty histogram.
    /// - Parameter bounds: rising, without duplicates.
    public init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// How many values there were.
    public var count: UInt64 { counts.reduce(0, &+) }

    /// Counts one value; what is no number or negative is left out.
    public mutating func add(_ value: Double) {
        guard value >= 0, value.isFinite else { return }
        var bucket = 0
        while bucket < bounds.count, value > bounds[bucket] { bucket += 1 }
        counts[bucket] += 1
        sum += value
    }
}
