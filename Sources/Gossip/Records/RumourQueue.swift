import DequeModule

/// Rumours by the number of times that they were told: those told least go first.
struct RumourQueue: Sendable {
    /// `buckets[n]` was told n times.
    private var buckets: [Deque<Rumour>] = []
    /// How many there are, outdated ones included.
    private(set) var count = 0
    private var lastToken: UInt32 = 0

    var isEmpty: Bool { count == 0 }
    /// One more than the highest count of tellings.
    var depth: Int { buckets.count }

    /// Adds a rumour and returns its token, never 0.
    @discardableResult
    mutating func add(_ subject: Rumour.Subject) -> UInt32 {
        lastToken = lastToken == .max ? 1 : lastToken + 1
        put(Rumour(subject: subject, token: lastToken), told: 0)
        return lastToken
    }

    /// Puts a rumour back behind the others that were told as often.
    mutating func put(_ rumour: Rumour, told: Int) {
        while buckets.count <= told { buckets.append([]) }
        buckets[told].append(rumour)
        count += 1
    }

    /// How many rumours were told exactly this often.
    func count(told: Int) -> Int { buckets[told].count }

    /// Takes the oldest rumour that was told this often.
    mutating func take(told: Int) -> Rumour? {
        guard let rumour = buckets[told].popFirst() else { return nil }
        count -= 1
        return rumour
    }

    /// Forgets those for which `isLive` does not hold.
    mutating func purge(keeping isLive: (Rumour) -> Bool) {
        count = 0
        for told in buckets.indices {
            buckets[told].removeAll { !isLive($0) }
            count += buckets[told].count
        }
    }

    /// Forgets all.
    mutating func removeAll() {
        buckets.removeAll()
        count = 0
    }
}
