/// How long answers of one member take: a smoothed mean and deviation (after RFC 6298 §2), and the 99th percentile they suggest.
struct RoundTrip: Sendable {
    /// The smoothed mean, nanoseconds; nil before the first answer.
    private var mean: Int64?
    /// The smoothed mean deviation, nanoseconds.
    private var deviation: Int64 = 0

    /// About the time that 99 of 100 answers keep: the mean and three mean deviations.
    var p99: Duration? { mean.map { .nanoseconds($0 + 3 * deviation) } }

    /// Counts an answer. When the question was asked twice nobody knows which one is answered: the second one, unless that
    /// would be much faster than usual.
    mutating func note(sinceFirst: Duration, sinceLast: Duration) {
        let long = max(0, sinceFirst.wholeNanoseconds)
        let short = max(0, sinceLast.wholeNanoseconds)
        let sample = mean.map { short >= $0 / 2 ? short : long } ?? long
        guard let mean else {
            self.mean = sample
            deviation = sample / 2
            return
        }
        deviation += (abs(sample - mean) - deviation) / 4
        self.mean = mean + (sample - mean) / 8
    }

    /// How long to wait for a direct answer: four times the 99th percentile, between `least` and `most`.
    func timeout(least: Duration, most: Duration) -> Duration {
        p99.map { max(min($0 * 4, most), least) } ?? least
    }
}
