/// How long to wait before an unreachable member is dialled again (mesh protocol §6.4, decision 0049).
///
/// After a partition the first datagram that crosses is one of these dials, so a member that was seen within the last hour is
/// dialled every few seconds. The spacing bounds what that costs: the more members are out of sight, the rarer each one's turn.
struct RedialSchedule {
    /// A member out of sight for less than this is expected back soon.
    static let fresh = Duration.seconds(3_600)
    /// A member out of sight for less than this may be back tomorrow.
    static let recent = Duration.seconds(24 * 3_600)

    /// The age that members of the same kind as one that was last seen `unseen` ago are below.
    static func ageLimit(unseen: Duration) -> Duration {
        unseen < fresh ? fresh : unseen < recent ? recent : .seconds(Int64.max / 2)
    }

    /// The longest wait for a member that was last seen `unseen` ago.
    static func longest(unseen: Duration, _ configuration: HerdConfiguration) -> Duration {
        if unseen < fresh { return configuration.redialFresh }
        if unseen < recent { return configuration.redialRecent }
        return configuration.redialLongest
    }

    /// The wait before dial number `tries` (from 0) of a member last seen `unseen` ago, when `rivals` members, this one
    /// included, are out of sight and below its age limit.
    static func wait(tries: Int, unseen: Duration, rivals: Int, _ configuration: HerdConfiguration) -> Duration {
        let grown = min(configuration.redialFirst * (1 << min(tries, 16)), longest(unseen: unseen, configuration))
        let share = min(configuration.redialSpacing * rivals, configuration.redialLongest)
        return max(grown, share)
    }
}
