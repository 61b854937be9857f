import Gossip

/// One line of the history.
struct HistoryEntry: Hashable, Codable, Sendable {
    /// The boot clock, nanoseconds.
    var bootNanoseconds: Int64
    /// The wall clock, milliseconds since 1970.
    var wallMilliseconds: Int64
    /// The kernel's own boot clock, nanoseconds, whatever clock the peer was given: one and the same for all peers of a machine.
    var hostNanoseconds: Int64
    /// What happened: `grant`, `renew`, `expire`, `stand`, `elect`, `step-down`, `command`, `setting`, `admit`, `release`,
    /// `request-end`, `status`, `refute`, `clash`, `identity`, …
    var event: String
    /// Another peer, 32 hex digits.
    var other: String?
    var epoch: UInt64?
    /// Until when a grant holds, boot clock, nanoseconds.
    var untilNanoseconds: Int64?
    /// Mode, reason or status, in the protocol's words.
    var detail: String?
    /// The request that an admission, a release or an end is about.
    var request: String?
    /// What an admission takes a slot of, or the name of a setting.
    var key: String?
    /// A setting's version: epoch, counter, and the writer's id in two halves, in the order in which peers compare them.
    var version: [UInt64]?
    /// A setting's value; nil for one that was deleted.
    var value: String?
    /// How many requests may run on `key` at once.
    var limit: Int?

    enum CodingKeys: String, CodingKey {
        case bootNanoseconds = "boot_ns"
        case wallMilliseconds = "wall_ms"
        case hostNanoseconds = "host_ns"
        case untilNanoseconds = "until_ns"
        case event, other, epoch, detail, request, key, version, value, limit
    }

    /// A line of which only the event is known yet.
    init(event: String, now: Instant, wallMilliseconds: Int64) {
        self.event = event
        bootNanoseconds = now.nanoseconds
        self.wallMilliseconds = wallMilliseconds
        hostNanoseconds = SystemMeshClock().boot().nanoseconds
    }
}
