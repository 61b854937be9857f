/// What is known to be missing of a member's records, and when to ask for it by TCP.
struct Pull: Sendable {
    /// When to ask; nil while nothing is missing.
    var dueAt: Instant?
    /// The newest hot version that the member was heard to have.
    var newestHot = RecordVersion.none
    /// All state is wanted: first contact, or back after a loss.
    var wholeState = false
    /// Failures in a row.
    var failures = 0
    /// When the last exchange with this member began.
    var askedAt: Instant?
    /// This peer's own cold counters that the member is known to hold.
    var holdsOwn = ColdVersions()
    /// An exchange that this peer began is under way.
    var isAsking = false
    /// The settings that the member was last known to hold.
    var theirSettings: SettingsDigest?
    /// Exchanges in a row after which it still held others.
    var settingsTries = 0
}
