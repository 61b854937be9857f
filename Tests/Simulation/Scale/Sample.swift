/// Measured values of one cell of a table.
public struct Sample: Sendable {
    /// In rising order.
    public private(set) var values: [Double]

    /// A sample.
    public init(_ values: [Double]) { self.values = values.sorted() }

    /// The value that `share` of the sample does not exceed; 0 for an empty one.
    public func quantile(_ share: Double) -> Double {
        values.isEmpty ? 0 : values[min(values.count - 1, max(0, Int((Double(values.count) * share).rounded(.up)) - 1))]
    }

    /// The middle value, the mean of two where there is no middle.
    public var median: Double {
        values.isEmpty ? 0 : (values[(values.count - 1) / 2] + values[values.count / 2]) / 2
    }

    /// The largest; 0 for an empty sample.
    public var most: Double { values.last ?? 0 }
}
