import Gossip

/// The order of candidates that are as good as equal.
///
/// Many peers rank with the same figures at the same time. Were they to agree on one winner, they would all send there; a random
/// order of near-equals spreads them (mesh protocol §8.2.1).
enum NearTies {
    /// Scores this close to the best, as a share of it, are near-ties.
    static let share = 0.05
    /// The band has at least so many points.
    static let leastBand = 1.0

    /// Puts the near-ties of the best into a weighted random order. `ranked` is sorted, best first.
    ///
    /// The weight falls evenly from 2 at the best score to 1 at the edge of the band. Without near-ties nothing is drawn.
    static func shuffle(_ ranked: inout [Ranked], using generator: inout SeededGenerator) {
        guard let best = ranked.first?.score else { return }
        let band = max(leastBand, share * abs(best))
        let count = ranked.prefix { $0.score >= best - band }.count
        guard count > 1 else { return }
        for place in 0..<(count - 1) {
            var total = 0.0
            for other in place..<count { total += weight(ranked[other].score, best: best, band: band) }
            var draw = unit(&generator) * total
            var pick = count - 1
            for other in place..<count {
                draw -= weight(ranked[other].score, best: best, band: band)
                if draw < 0 {
                    pick = other
                    break
                }
            }
            if pick != place { ranked.swapAt(place, pick) }
        }
    }

    private static func weight(_ score: Double, best: Double, band: Double) -> Double { 2 - (best - score) / band }

    /// Evenly from 0 up to, not including, 1.
    private static func unit(_ generator: inout SeededGenerator) -> Double { Double(generator.next() >> 11) * 0x1p-53 }
}
