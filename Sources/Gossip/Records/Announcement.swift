/// The latest announcement of one router, and its way through the fleet.
struct Announcement: Sendable {
    /// What it says.
    var record: LeaseRecord
    /// When it came in.
    var heardAt: Instant
    /// The rumour under way; 0 for none.
    var rumour: UInt32 = 0

    /// It is passed on only for so long: who was stopped for a while must not spread what was true before. A router that lives
    /// announces itself anew every five seconds.
    static let freshness = Duration.seconds(5)

    /// No more routers than this are remembered; the oldest goes first.
    static let most = 8
}
