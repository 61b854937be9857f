import Gossip

extension HistoryEntry {
    /// The line of a note of the rules.
    init(_ note: HerdNote, now: Instant, wallMilliseconds: Int64) {
        self.init(event: "", now: now, wallMilliseconds: wallMilliseconds)
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
            (event, self.epoch, detail) = ("setting", entry.version.epoch, "\(entry.key)\(asRouter ? "" : " (override)")")
            (key, value) = (entry.key, entry.value)
            version = [entry.version.epoch, entry.version.counter, entry.version.node.short, entry.version.node.low]
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

    /// The line that begins a new identity's history.
    static func identity(now: Instant, wallMilliseconds: Int64) -> HistoryEntry {
        HistoryEntry(event: "identity", now: now, wallMilliseconds: wallMilliseconds)
    }

    /// This peer obeys a command of `router`.
    static func command(
        _ what: String, router: PeerID, epoch: UInt64, now: Instant, wallMilliseconds: Int64
    ) -> HistoryEntry {
        var entry = HistoryEntry(event: "command", now: now, wallMilliseconds: wallMilliseconds)
        (entry.other, entry.epoch, entry.detail) = (router.hex, epoch, what)
        return entry
    }

    /// The line of what another part of the program tells.
    init(_ tap: HistoryTap, now: Instant, wallMilliseconds: Int64) {
        self.init(event: "", now: now, wallMilliseconds: wallMilliseconds)
        switch tap {
        case .admit(let request, let key, let limit):
            (event, self.request, self.key, self.limit) = ("admit", request, key, limit)
        case .release(let request, let key):
            (event, self.request, self.key) = ("release", request, key)
        case .requestEnd(let request, let status):
            (event, self.request, detail) = ("request-end", request, status)
        }
    }
}
