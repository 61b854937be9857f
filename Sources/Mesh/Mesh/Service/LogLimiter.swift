import Gossip

/// Keeps a flood out of the log: a few lines per kind and interval, with the number of those left out.
struct LogLimiter {
    static let interval: Duration = .seconds(10)

    private struct Kind {
        var until: Instant
        var lines = 0
        var skipped = 0
    }

    private var kinds: [String: Kind] = [:]

    /// How many lines of this kind the last interval left out; nil when this one is left out, too.
    ///
    /// `kind` is a word of the program, never text from outside, so the table stays small.
    mutating func admit(_ kind: String, now: Instant, most: Int = 1) -> Int? {
        var entry = kinds[kind] ?? Kind(until: now + Self.interval)
        var skipped = 0
        if now >= entry.until {
            skipped = entry.skipped
            entry = Kind(until: now + Self.interval)
        }
        entry.lines += 1
        if entry.lines > most { entry.skipped += 1 }
        kinds[kind] = entry
        return entry.lines > most ? nil : skipped
    }
}
