import Gossip

/// Keeps a flood out of the log: one line per kind and interval, with the number of those left out.
struct LogLimiter {
    static let interval: Duration = .seconds(10)

    private var kinds: [String: (next: Instant, skipped: Int)] = [:]

    /// How many lines of this kind were left out since the last one; nil when this one is left out too.
    ///
    /// `kind` is a word of the program, never text from outside, so the table stays small.
    mutating func admit(_ kind: String, now: Instant) -> Int? {
        if let entry = kinds[kind], now < entry.next {
            kinds[kind]?.skipped += 1
            return nil
        }
        let skipped = kinds[kind]?.skipped ?? 0
        kinds[kind] = (now + Self.interval, 0)
        return skipped
    }
}
