import Gossip

/// When the own service is announced again by mDNS (mesh protocol §6.1, decision 0049): at once when sight of others was lost, and
/// once a minute for an hour while they stay out of sight. An announcement made while the network is cut reaches nobody; the next
/// one after the heal does.
struct ReannounceSchedule {
    /// The shortest time between two announcements.
    static let spacing = Duration.seconds(60)
    /// How long after the last loss it goes on.
    static let patience = Duration.seconds(3_600)

    private var announcedAt: Instant?
    private var lostAt: Instant?

    /// A reason to announce came up: true when it may be done now.
    mutating func claim(now: Instant) -> Bool {
        if let announcedAt, now - announcedAt < Self.spacing { return false }
        announcedAt = now
        return true
    }

    /// A member was lost: true when it is to be announced now.
    mutating func lost(now: Instant) -> Bool {
        lostAt = now
        return claim(now: now)
    }

    /// The time goes on: true when it is to be announced again, because somebody is still out of sight.
    mutating func tick(now: Instant, isAnybodyLost: Bool) -> Bool {
        guard let lostAt else { return false }
        guard now - lostAt <= Self.patience else {
            self.lostAt = nil
            return false
        }
        if let announcedAt, now - announcedAt < Self.spacing { return false }
        return isAnybodyLost && claim(now: now)
    }
}
