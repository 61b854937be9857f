/// The latest announcement of one router, and its way through the fleet.
struct Announcement: Sendable {
    /// What it says.
    var record: LeaseRecord
    /// The rumour under way; 0 for none.
    var rumour: UInt32 = 0

    /// No more routers than this are remembered; the oldest goes first.
    static let most = 8
}
