/// Counts events of the recent past in slices of a span: its memory does not grow with what happens.
public struct SpanCounter: Sendable {
    private let slice: Double
    private let slices: Int
    private var counts: [(number: Int, count: Int)] = []
    /// All events ever.
    public private(set) var total = 0

    /// - Parameters:
    ///   - seconds: how far back events count.
    ///   - slices: how finely the span is cut.
    public init(seconds: Double, slices: Int = 60) {
        slice = max(0.001, seconds / Double(max(1, slices)))
        self.slices = max(1, slices)
    }

    /// `count` events at `now`, seconds of a clock that never goes back.
    public mutating func add(_ count: Int = 1, now: Double) {
        guard count > 0 else { return }
        total += count
        let number = Int((now / slice).rounded(.down))
        if counts.last?.number == number { counts[counts.count - 1].count += count } else { counts.append((number, count)) }
        if counts.count > slices + 1 { counts.removeFirst(counts.count - slices - 1) }
    }

    /// Events of the span that ends at `now`.
    public func recent(now: Double) -> Int {
        let newest = Int((now / slice).rounded(.down))
        return counts.reduce(0) { $0 + (newest - $1.number < slices ? $1.count : 0) }
    }
}
