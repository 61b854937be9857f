public import Gossip

/// The last 500 latencies per machine and model, with their 75th percentile at hand; the 4,096 pairs used last are kept.
public struct LatencyHistory: Sendable {
    /// Latencies kept per pair.
    public static let samplesPerPair = 500
    /// Pairs of machine and model kept.
    public static let capacity = 4096
    /// No request counts for more than a day.
    private static let longestMilliseconds = 86_400_000.0

    private struct Pair: Hashable, Sendable {
        var peer: PeerID
        var model: ModelKey
    }

    private var samples: RecencyTable<Pair, LatencySamples>

    /// No history.
    public init() { self.init(capacity: Self.capacity) }

    /// No history, for so many pairs.
    init(capacity: Int) {
        samples = RecencyTable(capacity: capacity)
    }

    /// A request took `milliseconds` in all. What is not a time (negative, not a number) is ignored.
    public mutating func record(peer: PeerID, model: ModelKey, milliseconds: Double) {
        guard milliseconds >= 0 else { return }
        let sample = Float(min(milliseconds, Self.longestMilliseconds))
        samples.update(Pair(peer: peer, model: model), initial: LatencySamples()) { $0.add(sample) }
    }

    /// The 75th percentile (nearest rank), milliseconds; nil without a sample.
    public func p75(peer: PeerID, model: ModelKey) -> Double? {
        samples.isEmpty ? nil : samples[Pair(peer: peer, model: model)]?.p75
    }
}

/// A ring of latencies and the same latencies in order of size, so that the percentile is always at hand.
struct LatencySamples: Sendable {
    private var ring: [Float] = []
    private var next = 0
    private var sorted: [Float] = []

    mutating func add(_ sample: Float) {
        if ring.count < LatencyHistory.samplesPerPair {
            ring.append(sample)
        } else {
            replace(ring[next], by: sample)
            ring[next] = sample
            next = (next + 1) % ring.count
            return
        }
        sorted.insert(sample, at: place(of: sample))
    }

    /// Moves only what stands between the two.
    private mutating func replace(_ old: Float, by new: Float) {
        let from = place(of: old)
        let to = place(of: new)
        sorted.withUnsafeMutableBufferPointer { all in
            guard let base = all.baseAddress else { return }
            if to > from {
                // The place was found with the old one still there.
                (base + from).update(from: base + from + 1, count: to - 1 - from)
                base[to - 1] = new
            } else {
                (base + to + 1).update(from: base + to, count: from - to)
                base[to] = new
            }
        }
    }

    var p75: Double? { sorted.isEmpty ? nil : Double(sorted[(sorted.count * 3 + 3) / 4 - 1]) }

    /// The first place whose sample is not smaller.
    private func place(of sample: Float) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < sample { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
