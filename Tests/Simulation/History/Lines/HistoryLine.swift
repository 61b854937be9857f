/// One line of a history: what a peer says happened, and where that stands (mesh protocol §11.3).
///
/// Real peers write such lines to `FLEET_HISTORY_FILE`, and the simulator can, too. Fields that an event does not have are nil.
public struct HistoryLine: Sendable, Decodable, Hashable {
    /// The peer that wrote it, 32 hex digits.
    public var peer: String
    /// Its life.
    public var generation: UInt32
    /// Its boot clock, nanoseconds.
    public var bootNanoseconds: Int64
    /// Its wall clock, milliseconds since 1970.
    public var wallMilliseconds: Int64?
    /// A clock that all peers of the run share, nanoseconds.
    public var hostNanoseconds: Int64?
    /// What happened; see `HistoryEvent`.
    public var event: String
    /// Another peer: whom a grant is for, whose command came.
    public var other: String?
    /// The epoch of a grant, a role, a command.
    public var epoch: UInt64?
    /// Until when a grant holds, boot clock, nanoseconds.
    public var untilNanoseconds: Int64?
    /// Mode, reason, verdict, in the protocol's words.
    public var detail: String?
    /// The request that an admission, a release or an end is about.
    public var request: String?
    /// What an admission takes a slot of, or the name of a setting.
    public var key: String?
    /// A setting's version, as the peers compare it.
    public var version: [UInt64]?
    /// A setting's value; nil for one that was deleted.
    public var value: String?
    /// How many requests may run on `key` at once.
    public var limit: Int?

    /// The file that it stands in, and the number of the line, from 1.
    public var file = ""
    /// The number of the line in its file, from 1.
    public var number = 0

    enum CodingKeys: String, CodingKey {
        case peer, generation, event, other, epoch, detail, request, key, version, value, limit
        case bootNanoseconds = "boot_ns"
        case wallMilliseconds = "wall_ms"
        case hostNanoseconds = "host_ns"
        case untilNanoseconds = "until_ns"
    }

    /// `file:line`, for messages.
    public var place: String { "\(file):\(number)" }
    /// The event, where it is a known one.
    var kind: HistoryEvent? { HistoryEvent(rawValue: event) }
    /// Peer and life.
    var life: Life { Life(peer: peer, generation: generation) }

    /// One life of one peer.
    struct Life: Hashable, Comparable {
        var peer: String
        var generation: UInt32

        static func < (a: Life, b: Life) -> Bool { (a.peer, a.generation) < (b.peer, b.generation) }
    }
}
