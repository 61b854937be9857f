extension Herd {
    /// How long a change that matters little may wait.
    static let hotRefresh = Duration.seconds(10)

    /// This peer's own hot report changed.
    mutating func publish(_ report: HotReport, _ now: Instant) {
        let report = report.trimmed()
        own.latest = report
        guard let told = own.published.hot else { return publishHot(at: now, now) }
        guard report != told else { return }
        let spacing = report.differsMaterially(from: told) ? OwnRecords.spacing(peers: members.size) : Self.hotRefresh
        publishHot(at: (own.publishedAt ?? now) + spacing, now)
    }

    /// This peer's own cold record changed: a new hot record tells so at once. Payloads over 256 KiB are not taken.
    mutating func publish(_ kind: ColdKind, _ payload: [UInt8], _ now: Instant) {
        guard payload.count <= SyncMessage.longestPayload, own.published[kind]?.payload != payload else { return }
        let counter = (own.published[kind]?.version.counter ?? 0) + 1
        own.published[kind] = ColdEntry(
            version: RecordVersion(generation: selfRecord.generation, counter: counter), payload: payload)
        changed.view = true
        publishHot(at: (own.publishedAt ?? now) + OwnRecords.urgentSpacing, now)
    }

    /// Plans the next hot record, never later than planned before.
    private mutating func publishHot(at instant: Instant, _ now: Instant) {
        let instant = max(instant, now)
        if let dueAt = own.dueAt, dueAt <= instant { return }
        own.dueAt = instant
        if instant == now { publishIfDue(now) } else { timers.add(.hot, at: instant) }
    }

    /// Publishes the hot record if its time has come and it says anything new.
    mutating func publishIfDue(_ now: Instant) {
        guard let dueAt = own.dueAt, dueAt <= now else { return }
        own.dueAt = nil
        let cold = ColdVersions(
            models: own.published.models?.version.counter ?? 0, fixed: own.published.fixed?.version.counter ?? 0)
        let report = own.latest ?? HotReport()
        guard report != own.published.hot || cold != own.published.coldVersions else { return }
        own.published.hot = report
        own.published.coldVersions = cold
        own.published.hotVersion = RecordVersion(
            generation: selfRecord.generation, counter: own.published.hotVersion.counter &+ 1)
        own.published.hotMadeAt = now
        own.publishedAt = now
        own.hotRumour = rumours.add(.hot(selfRecord.id))
        changed.view = true
    }
}
