/// When which service instance is resolved. Resolvers are one-shot: an open one keeps wrong answers after a name clash.
///
/// A value without clock: `now` comes in.
struct ResolveSchedule {
    /// Resolves under way at the same time.
    static let maximumInFlight = 16
    /// Between two resolves of an instance that answered.
    static let refresh: Duration = .seconds(300)
    /// After an instance did not answer: grows from the first to the last.
    static let retries: [Duration] = [.seconds(1), .seconds(5), .seconds(15), .seconds(60), .seconds(300)]

    private struct Entry {
        var due: ContinuousClock.Instant
        var failures = 0
        var inFlight = false
        /// It was reported again while a resolve was under way.
        var again = false
    }

    private var entries: [(key: ServiceKey, entry: Entry)] = []

    /// An instance was reported: resolve it at once, anew if it was known, and once more if a resolve is under way.
    mutating func seen(_ key: ServiceKey, now: ContinuousClock.Instant) {
        if let index = index(of: key) {
            entries[index].entry.due = now
            entries[index].entry.failures = 0
            entries[index].entry.again = entries[index].entry.inFlight
        } else if entries.count < SightingBook.maximumServices {
            entries.append((key, Entry(due: now)))
        }
    }

    /// An instance went away.
    mutating func removed(_ key: ServiceKey) { entries.removeAll { $0.key == key } }

    /// The resolve of an instance ended.
    mutating func finished(_ key: ServiceKey, answered: Bool, now: ContinuousClock.Instant) {
        guard let index = index(of: key) else { return }
        entries[index].entry.inFlight = false
        if entries[index].entry.again {
            entries[index].entry.again = false
            entries[index].entry.due = now
        } else if answered {
            entries[index].entry.failures = 0
            entries[index].entry.due = now + Self.refresh
        } else {
            let failures = entries[index].entry.failures
            entries[index].entry.due = now + Self.retries[min(failures, Self.retries.count - 1)]
            entries[index].entry.failures = failures + 1
        }
    }

    /// The instances to resolve now, marked as under way, with the number of failures so far.
    mutating func takeDue(now: ContinuousClock.Instant) -> [(key: ServiceKey, failures: Int)] {
        var room = Self.maximumInFlight - entries.count { $0.entry.inFlight }
        var due: [(key: ServiceKey, failures: Int)] = []
        for index in entries.indices where room > 0 && !entries[index].entry.inFlight && entries[index].entry.due <= now {
            entries[index].entry.inFlight = true
            due.append((entries[index].key, entries[index].entry.failures))
            room -= 1
        }
        return due
    }

    /// When `takeDue` has something to give next; nil when there is nothing, or no room before a resolve ends.
    var nextDue: ContinuousClock.Instant? {
        guard entries.count(where: { $0.entry.inFlight }) < Self.maximumInFlight else { return nil }
        return entries.filter { !$0.entry.inFlight }.map(\.entry.due).min()
    }

    /// Avahi is gone, and every resolve with it.
    mutating func forgetAll() { entries = [] }

    private func index(of key: ServiceKey) -> Int? { entries.firstIndex { $0.key == key } }
}
