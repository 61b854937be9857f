import Discovery
import Gossip
import Logging

extension MeshCore {
    /// Most notes that status shows.
    static let noteLimit = 20

    /// Writes a note of the rules to log, history and status.
    func record(_ note: HerdNote, now: Instant) {
        let entry = HistoryEntry(note, now: now, wallMilliseconds: clock.wallMilliseconds())
        history?.append(entry)
        var metadata: Logger.Metadata = [:]
        if let other = entry.other { metadata["peer.id"] = "\(other)" }
        if let epoch = entry.epoch { metadata["lease.epoch"] = "\(epoch)" }
        if let detail = entry.detail { metadata["detail"] = "\(detail)" }
        switch note {
        case .lease(.granted): logger.debug("grant given", metadata: metadata)
        case .lease(.renewed): logger.trace("grant renewed", metadata: metadata)
        case .lease(.ended): logger.debug("grant ended", metadata: metadata)
        case .lease(.stood): logger.info("standing for router", metadata: metadata)
        case .lease(.elected): logger.info("this peer is router", metadata: metadata)
        case .lease(.steppedDown): logger.info("this peer is no longer router", metadata: metadata)
        case .status: logger.info("a member's status changed", metadata: metadata)
        case .refuted: logger.debug("this peer was suspected and has answered", metadata: metadata)
        case .identityClash:
            if limiter.admit("clash", now: now) != nil {
                logger.error(
                    "another process lives under this peer's id: stop one of them, and delete its identity folder before it starts again",
                    metadata: metadata)
            }
        }
        if case .lease(.renewed) = note { return }
        if case .lease(.granted) = note { return }
        remark(
            [entry.event, entry.other.map { String($0.prefix(16)) }, entry.epoch.map { "epoch \($0)" }, entry.detail]
                .compactMap { $0 }.joined(separator: " "))
        if case .status(_, let before, .unreachable) = note, before == .alive || before == .suspect { reannounce() }
    }

    /// Keeps a line for status.
    func remark(_ text: String) {
        recentNotes.append(MeshStatus.Note(wallMilliseconds: clock.wallMilliseconds(), text: text))
        if recentNotes.count > Self.noteLimit { recentNotes.removeFirst(recentNotes.count - Self.noteLimit) }
    }

    /// Having lost sight of others, this peer tells the local network again that it is here: at most once a minute (§6.1).
    func reannounce() {
        let now = clock.boot()
        if let last = reannouncedAt, now - last < .seconds(60) { return }
        guard let discovery else { return }
        reannouncedAt = now
        discovery.reannounce()
    }
}
