/// Counts of values in buckets of a tenth each: eight per doubling. Histograms of different peers add up, and percentiles are
/// right to six percent.
public struct LogHistogram: Hashable, Sendable, Codable {
    /// Bucket and count, in order.
    private var buckets: [Int: Int] = [:]
    /// Values in all.
    public private(set) var count = 0
    /// The largest value.
    public private(set) var maximum = 0.0
    /// The sum of all.
    public private(set) var sum = 0.0

    /// Empty.
    public init() {}

    /// Adds a value; negative ones and what is no number are left out.
    public mutating func add(_ value: Double) {
        guard value.isFinite, value >= 0, value < 1e15 else { return }
        buckets[Self.bucket(value), default: 0] += 1
        count += 1
        sum += value
        maximum = max(maximum, value)
    }

    /// Adds another one. What another peer sends is bounded by its own rules and clamped here.
    public mutating func add(_ other: LogHistogram) {
        for (bucket, count) in other.buckets where (Self.lowest...Self.highest).contains(bucket) && count > 0 {
            buckets[bucket, default: 0] += min(count, 1 << 40)
        }
        count += min(max(0, other.count), 1 << 40)
        if other.sum.isFinite { sum += other.sum }
        if other.maximum.isFinite { maximum = max(maximum, other.maximum) }
    }

    /// The mean; nil when it is empty.
    public var mean: Double? { count == 0 ? nil : sum / Double(count) }

    /// The value below which `share` of all lie, 0…1: the middle of its bucket.
    public func percentile(_ share: Double) -> Double? {
        let ordered = buckets.sorted { $0.key < $1.key }
        let all = ordered.reduce(0) { $0 + $1.value }
        guard all > 0 else { return nil }
        let wanted = max(1, Int((Double(all) * min(1, max(0, share))).rounded(.up)))
        var passed = 0
        for (bucket, count) in ordered {
            passed += count
            if passed >= wanted { return Self.middle(bucket) }
        }
        return Self.middle(Self.highest)
    }

    private static let lowest = -8 * 64
    private static let highest = 8 * 64

    private static func bucket(_ value: Double) -> Int {
        guard value > 0 else { return lowest }
        let part = Int((value.significand - 1) * 8)
        return min(highest, max(lowest + 1, Int(value.exponent) * 8 + min(7, part)))
    }

    private static func middle(_ bucket: Int) -> Double {
        guard bucket > lowest else { return 0 }
        let exponent = bucket >= 0 ? bucket / 8 : -((7 - bucket) / 8)
        let part = bucket - exponent * 8
        return Double(sign: .plus, exponent: exponent, significand: 1 + (Double(part) + 0.5) / 8)
    }
}
