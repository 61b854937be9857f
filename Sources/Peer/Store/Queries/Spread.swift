import Glibc

/// How values are spread: counts in buckets that grow by a tenth, so a percentile is within five per cent. Two of them add up.
public struct Spread: Sendable, Hashable, Codable {
    /// How many values.
    public private(set) var count = 0
    /// Their sum.
    public private(set) var sum = 0.0
    /// The least of them.
    public private(set) var minimum: Double?
    /// The greatest of them.
    public private(set) var maximum: Double?
    /// How many values lie in a bucket, by its number.
    private var buckets: [Int: Int] = [:]

    /// No values.
    public init() {}

    /// One bucket ends at so many times its begin.
    private static let growth = 1.1
    /// Below this all values lie in one bucket.
    private static let least = 0.001

    /// Adds a value; what is no number or below zero is left out.
    public mutating func add(_ value: Double) {
        guard value.isFinite, value >= 0 else { return }
        count += 1
        sum += value
        minimum = min(minimum ?? value, value)
        maximum = max(maximum ?? value, value)
        buckets[Self.bucket(value), default: 0] += 1
    }

    /// Adds all values of another one.
    public mutating func add(_ other: Spread) {
        count &+= other.count
        sum += other.sum
        if let value = other.minimum { minimum = min(minimum ?? value, value) }
        if let value = other.maximum { maximum = max(maximum ?? value, value) }
        for (bucket, number) in other.buckets { buckets[bucket, default: 0] &+= number }
    }

    /// The mean; nil without values.
    public var mean: Double? { count > 0 ? sum / Double(count) : nil }

    /// The value below which a share of all values lies, 0 to 1; nil without values.
    public func percentile(_ share: Double) -> Double? {
        guard count > 0, let minimum, let maximum else { return nil }
        let rank = min(max(Int((share * Double(count)).rounded(.up)), 1), count)
        var seen = 0
        for bucket in buckets.keys.sorted() {
            seen += buckets[bucket] ?? 0
            if seen >= rank { return min(max(Self.middle(bucket), minimum), maximum) }
        }
        return maximum
    }

    private static func bucket(_ value: Double) -> Int {
        guard value > least else { return 0 }
        return 1 + Int((log(value / least) / log(growth)).rounded(.down))
    }

    private static func middle(_ bucket: Int) -> Double {
        bucket == 0 ? 0 : least * pow(growth, Double(bucket) - 0.5)
    }
}
