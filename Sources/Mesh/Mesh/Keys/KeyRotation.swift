import Gossip

/// What the router does about the keys, one step at a time (mesh protocol §5.3.4): a value that decides, while others act.
///
/// *install → use → remove*: a new key is brought to every peer in reach; when all their records show it, it comes into use; the
/// old one stays for 30 days, for peers that sleep. After somebody was shut out the old keys go as soon as the new one is in use,
/// and a peer that does not answer is waited for no longer than 30 seconds. Everything that is needed is in the ring, so that any
/// router goes on where the last one stopped.
struct KeyRotation {
    /// A member as the router sees it.
    struct Member: Hashable {
        var id: PeerID
        /// It is alive or suspect.
        var isReachable: Bool
        /// From its record.
        var keyIDs: [UInt16]
    }

    /// What is to be done now.
    struct Decision: Equatable {
        /// The ring is to become this.
        var ring: KeyRing?
        /// Who is to be brought the ring.
        var bring: [PeerID] = []
    }

    /// How long a key that is no longer in use still opens, by the wall clock.
    static let keepRetiredSeconds: Int64 = 30 * 24 * 3_600
    /// How long a purge waits for peers that do not take the new key.
    static let patience: Duration = .seconds(30)
    /// Rings under way at a time.
    static let parallel = 8
    /// Waits after failed tries to bring somebody the ring.
    static let retries: [Duration] = [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(15)]

    private struct Try {
        var failures = 0
        var due: Instant
        var underWay = true
    }

    private var tries: [PeerID: Try] = [:]
    /// Since when the purge waits for the installed key of this ring version.
    private var waiting: (version: UInt64, since: Instant)?

    /// What the router has to do next. `nowSeconds` is the wall clock: it decides only when a key is thrown away for its age.
    mutating func next(_ ring: KeyRing, members: [Member], nowSeconds: Int64, now: Instant) -> Decision {
        let reached = members.filter { $0.isReachable && !ring.hasRevoked($0.id) }
        tries = tries.filter { entry in reached.contains { $0.id == entry.key } }
        if let changed = step(ring, reached, nowSeconds: nowSeconds, now: now) { return Decision(ring: changed) }
        return Decision(bring: choose(ring, reached, now: now))
    }

    /// Somebody was brought the ring, or could not be.
    mutating func brought(_ peer: PeerID, succeeded: Bool, now: Instant) {
        guard var entry = tries[peer] else { return }
        entry.underWay = false
        entry.failures = succeeded ? 0 : entry.failures + 1
        // After a success its record needs a moment to tell.
        let wait = Self.retries[min(entry.failures, Self.retries.count - 1)]
        entry.due = now + wait
        tries[peer] = entry
    }

    // MARK: Parts

    private mutating func step(_ ring: KeyRing, _ reached: [Member], nowSeconds: Int64, now: Instant) -> KeyRing? {
        if let new = ring.keys.first(where: { $0.stage == .installed }) {
            // Somebody who was shut out has this one, too.
            if ring.condemned.contains(new.id) { return try? ring.removing(new.id) }
            guard isTaken(new.id, ring, reached, now: now) else { return nil }
            return try? ring.using(new.id, nowSeconds: nowSeconds)
        }
        waiting = nil
        if ring.condemned.contains(ring.active.id) { return try? ring.installingNewKey(nowSeconds: nowSeconds) }
        if let old = ring.keys.first(where: { ring.condemned.contains($0.id) }) { return try? ring.removing(old.id) }
        // The wall clock may have been wrong when the key retired: one that retired in the future counts from now on.
        let expired = ring.keys.first { key in
            key.stage == .retiring && nowSeconds - (key.retiredSeconds ?? nowSeconds) >= Self.keepRetiredSeconds
        }
        return expired.flatMap { try? ring.removing($0.id) }
    }

    private mutating func isTaken(_ id: UInt16, _ ring: KeyRing, _ reached: [Member], now: Instant) -> Bool {
        if reached.allSatisfy({ $0.keyIDs.contains(id) }) { return true }
        guard ring.isPurging else { return false }
        if waiting?.version != ring.version { waiting = (ring.version, now) }
        return waiting.map { now - $0.since >= Self.patience } ?? false
    }

    private mutating func choose(_ ring: KeyRing, _ reached: [Member], now: Instant) -> [PeerID] {
        var room = Self.parallel - tries.values.count(where: \.underWay)
        var chosen: [PeerID] = []
        for member in reached where room > 0 && member.keyIDs != ring.keyIDs {
            // Without a key in common it cannot be told anything: it has to join again.
            guard member.keyIDs.contains(where: { ring.key($0) != nil }) else { continue }
            if let entry = tries[member.id], entry.underWay || entry.due > now { continue }
            tries[member.id] = Try(failures: tries[member.id]?.failures ?? 0, due: now)
            chosen.append(member.id)
            room -= 1
        }
        return chosen
    }
}
