import Gossip

/// One line of the history.
struct HistoryEntry: Hashable, Codable, Sendable {
    /// The boot clock, nanoseconds.
    var bootNanoseconds: Int64
    /// The wall clock, milliseconds since 1970.
    var wallMilliseconds: Int64
    /// What happened: `grant`, `renew`, `expire`, `stand`, `elect`, `step-down`, `status`, `refute`, `clash`,
    /// `epoch-refused`, `settings-write`, `settings-conflict`, `settings-drop`, `settings-refused`.
    var event: String
    /// Another peer, 32 hex digits.
    var other: String?
    var epoch: UInt64?
    /// Until when a grant holds, boot clock, nanoseconds.
    var untilNanoseconds: Int64?
    /// Mode, reason or status, in the protocol's words.
    var detail: String?

    enum CodingKeys: String, CodingKey {
        case bootNanoseconds = "boot_ns"
        case wallMilliseconds = "wall_ms"
        case event
        case other
        case epoch
        case untilNanoseconds = "until_ns"
        case detail
    }

    /// The line that begins a new identity's history.
    static func identity(now: Instant, wallMilliseconds: Int64) -> HistoryEntry {
        HistoryEntry(event: "identity", now: now, wallMilliseconds: wallMilliseconds)
    }

    private init(event: String, now: Instant, wallMilliseconds: Int64) {
        self.event = event
        bootNanoseconds = now.nanoseconds
        self.wallMilliseconds = wallMilliseconds
    }

    init(_ note: HerdNote, now: Instant, wallMilliseconds: Int64) {
        bootNanoseconds = now.nanoseconds
        self.wallMilliseconds = wallMilliseconds
        switch note {
        case .lease(.granted(let peer, let epoch, let until)):
            (event, other, self.epoch, untilNanoseconds) = ("grant", peer.hex, epoch, until.nanoseconds)
        case .lease(.renewed(let peer, let epoch, let until)):
            (event, other, self.epoch, untilNanoseconds) = ("renew", peer.hex, epoch, until.nanoseconds)
        case .lease(.ended(let peer, let epoch)):
            (event, other, self.epoch) = ("expire", peer.hex, epoch)
        case .lease(.stood(let epoch)):
            (event, self.epoch) = ("stand", epoch)
        case .lease(.elected(let epoch, let mode)):
            (event, self.epoch, detail) = ("elect", epoch, mode.rawValue)
        case .lease(.steppedDown(let epoch, let reason)):
            (event, self.epoch, detail) = ("step-down", epoch, reason.rawValue)
        case .status(let peer, let from, let to):
            (event, other, detail) = ("status", peer.hex, "\(from?.rawValue ?? "new") -> \(to.rawValue)")
        case .refuted(let incarnation):
            (event, detail) = ("refute", "\(incarnation)")
        case .identityClash(let endpoint):
            (event, detail) = ("clash", AddressText.format(endpoint))
        case .incompatible(let peer, let versions):
            (event, other, detail) = ("incompatible", peer.hex, "\(versions)")
        case .lease(.epochRefused(let epoch, let peer)):
            (event, other, self.epoch) = ("epoch-refused", peer.hex, epoch)
        case .settingWritten(let entry, let asRouter):
            (event, self.epoch, detail) = ("settings-write", entry.version.epoch, "\(entry.key)\(asRouter ? "" : " (override)")")
        case .settingOverruled(let lost, let kept):
            (event, other, self.epoch) = ("settings-conflict", kept.version.node.hex, kept.version.epoch)
            detail = "\(lost.key): the write of \(lost.version.node.shortHex) in epoch \(lost.version.epoch) lost"
        case .settingDropped(let entry):
            (event, self.epoch, detail) = ("settings-drop", entry.version.epoch, entry.key)
        case .settingRefused(let key, let error):
            (event, detail) = ("settings-refused", "\(key): \(error)")
        case .settingsRefused(let count, let peer):
            (event, other, detail) = ("settings-refused", peer.hex, "\(count) entries")
        }
    }
}
