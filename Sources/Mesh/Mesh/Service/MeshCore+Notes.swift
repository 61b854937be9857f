import Discovery
import Gossip
import Logging

extension MeshCore {
    /// Most notes that status shows.
    static let noteLimit = 20
    /// Most log lines of one kind in ten seconds.
    static let notesPerInterval = 50

    /// Writes a note of the rules to log, history and status.
    func record(_ note: HerdNote, now: Instant) {
        let entry = HistoryEntry(note, now: now, wallMilliseconds: clock.wallMilliseconds())
        history?.append(entry)
        log(note, entry, now: now)
        if case .lease(.renewed) = note { return }
        if case .lease(.granted) = note { return }
        remark(
            [entry.event, entry.other.map { String($0.prefix(16)) }, entry.epoch.map { "epoch \($0)" }, entry.detail]
                .compactMap { $0 }.joined(separator: " "))
        if case .status(_, let before, .unreachable) = note, before == .alive || before == .suspect {
            if reannouncing.lost(now: now) { discovery?.reannounce() }
        }
    }

    private func log(_ note: HerdNote, _ entry: HistoryEntry, now: Instant) {
        let (level, message) = Self.line(note)
        // A network that flaps must not fill the disk.
        guard logger.logLevel <= level, let skipped = limiter.admit("note-\(entry.event)", now: now, most: Self.notesPerInterval)
        else {
            return
        }
        var metadata: Logger.Metadata = [:]
        if let other = entry.other { metadata["peer.id"] = "\(other)" }
        if let epoch = entry.epoch { metadata["lease.epoch"] = "\(epoch)" }
        if let detail = entry.detail { metadata["detail"] = "\(detail)" }
        if skipped > 0 { metadata["skipped"] = "\(skipped)" }
        logger.log(level: level, message, metadata: metadata)
    }

    private static func line(_ note: HerdNote) -> (Logger.Level, Logger.Message) {
        switch note {
        case .lease(.granted): (.debug, "grant given")
        case .lease(.renewed): (.trace, "grant renewed")
        case .lease(.ended): (.debug, "grant ended")
        case .lease(.stood): (.info, "standing for router")
        case .lease(.elected): (.info, "this peer is router")
        case .lease(.steppedDown): (.info, "this peer is no longer router")
        case .lease(.epochRefused): (.warning, "a peer named an epoch that cannot be true")
        case .settingWritten: (.info, "a fleet setting was written")
        case .settingOverruled: (.warning, "a fleet setting was written on two sides: the other side's value stays")
        case .settingDropped: (.error, "too many fleet settings: one was dropped")
        case .settingRefused: (.warning, "a fleet setting could not be written")
        case .settingsRefused: (.warning, "a peer sent fleet settings that cannot be")
        case .status: (.info, "a member's status changed")
        case .refuted: (.debug, "this peer was suspected and has answered")
        case .incompatible: (.warning, "a peer speaks no protocol version that this one does: update the older of the two")
        case .identityClash:
            (
                .error,
                "another process lives under this peer's id: stop one, and delete its identity folder before it starts again"
            )
        }
    }

    /// Keeps a line for status.
    func remark(_ text: String) {
        recentNotes.append(MeshStatus.Note(wallMilliseconds: clock.wallMilliseconds(), text: text))
        if recentNotes.count > Self.noteLimit { recentNotes.removeFirst(recentNotes.count - Self.noteLimit) }
    }

    /// After a sleep this peer tells the local network again that it is here (§6.1).
    func reannounce() {
        if discovery != nil, reannouncing.claim(now: clock.boot()) { discovery?.reannounce() }
    }

    /// Others are still out of sight: an announcement that goes through now lets them find this peer.
    func reannounceIfDue(now: Instant) {
        let isAnybodyLost = views.current.members.contains { $0.status == .unreachable }
        if reannouncing.tick(now: now, isAnybodyLost: isAnybodyLost) { discovery?.reannounce() }
    }
}
