import Gossip

/// What a hot record says of the requests before a new one, and how far to believe it (mesh protocol §8.2.1).
struct RecordedLoad {
    /// Running and waiting requests of the model.
    var depth: Double
    /// The record's age. A plain number: arithmetic on `Duration` is too slow for every machine of every request.
    var ageNanoseconds: Int64

    private static let lifeNanoseconds = Scorer.recordLifetime.wholeNanoseconds

    /// 1 for a new record, falling evenly to 0 at the end of its life.
    private var weight: Double {
        max(0, 1 - Double(ageNanoseconds) / Double(Self.lifeNanoseconds))
    }

    /// The depth to score with: the record's own, mixed with the fleet's median the older it is.
    func believed(median: Double) -> Double {
        let weight = weight
        return depth * weight + median * (1 - weight)
    }

    /// The median depth of the records that are not too old; of all, if all are.
    static func fleetMedian(_ loads: [RecordedLoad]) -> Double {
        let first = loads.first?.depth ?? 0
        if loads.allSatisfy({ $0.depth == first }) { return first }
        let fresh = loads.filter { $0.ageNanoseconds <= lifeNanoseconds }
        return Formulas.median((fresh.isEmpty ? loads : fresh).map { $0.depth }) ?? 0
    }
}
