extension Herd {
    /// No two exchanges with one member begin within this.
    static let pullSpacing = Duration.milliseconds(500)
    /// Pulls for the sake of a hot record alone, in spacings of one peer's hot records: while everybody publishes, something is
    /// always missing and soon outdated.
    static let hotPullSpacing = 4

    /// All state of a member is wanted.
    mutating func wantWholeState(_ index: Int, at instant: Instant, _ now: Instant) {
        members.entries[index].pull.wholeState = true
        planPull(index, at: instant, now)
    }

    /// Plans a pull, never later than planned before, and never sooner than the rate limit allows.
    mutating func planPull(_ index: Int, at instant: Instant, _ now: Instant) {
        var instant = max(instant, now)
        let pull = members.entries[index].pull
        if let askedAt = pull.askedAt {
            let wait = pull.failures == 0 ? Self.pullSpacing : min(.seconds(1) * (1 << min(pull.failures - 1, 5)), .seconds(30))
            instant = max(instant, askedAt + wait)
        }
        if let dueAt = pull.dueAt, dueAt <= instant { return }
        members.entries[index].pull.dueAt = instant
        timers.add(.pull(members.ids[index]), at: instant)
    }

    /// Something of a member is known to be missing here.
    private func isMissing(_ index: Int) -> Bool { lacksMoreThanHot(index) || lacksHot(index) }

    private func lacksMoreThanHot(_ index: Int) -> Bool {
        members.entries[index].pull.wholeState || members.entries[index].records.lacksCold
    }

    private func lacksHot(_ index: Int) -> Bool {
        members.entries[index].pull.newestHot > members.entries[index].records.hotVersion
    }

    /// The time for a pull has come.
    mutating func pull(_ id: PeerID, dueAt: Instant, _ now: Instant) {
        guard let index = members.index(id), members.entries[index].pull.dueAt == dueAt else { return }
        members.entries[index].pull.dueAt = nil
        guard members.entries[index].isActive, isMissing(index) else { return }
        if !lacksMoreThanHot(index) {
            guard now >= nextHotPull else { return planPull(index, at: nextHotPull, now) }
            nextHotPull = now + OwnRecords.spacing(peers: members.size) * Self.hotPullSpacing
        }
        if !requestSync(index, now) { return planPull(index, at: now + Self.pullSpacing, now) }
        planPull(index, at: now + .seconds(5), now)
    }

    /// Asks the shell for an exchange with a member, unless one began a moment ago.
    mutating func requestSync(_ index: Int, spacing: Duration = pullSpacing, _ now: Instant) -> Bool {
        if let askedAt = members.entries[index].pull.askedAt, now - askedAt < spacing { return false }
        members.entries[index].pull.askedAt = now
        members.entries[index].pull.isAsking = true
        actions.append(.sync(members.entries[index].record.endpoint))
        return true
    }

    /// An exchange failed: again later, if anything is missing.
    mutating func pullFailed(_ endpoint: Endpoint, _ now: Instant) {
        guard let index = members.index(endpoint: endpoint), members.entries[index].isActive else { return }
        members.entries[index].pull.isAsking = false
        members.entries[index].pull.failures = min(members.entries[index].pull.failures + 1, 6)
        guard isMissing(index) else { return }
        members.entries[index].pull.dueAt = nil
        planPull(index, at: now, now)
    }

    /// An exchange with a member has brought what it had.
    mutating func pulled(_ index: Int, _ now: Instant) {
        members.entries[index].pull.isAsking = false
        members.entries[index].pull.wholeState = false
        members.entries[index].pull.dueAt = nil
        // What a member itself says is its newest is that, whatever a header claimed.
        members.entries[index].pull.newestHot = .none
        guard isMissing(index) else {
            members.entries[index].pull.failures = 0
            return
        }
        members.entries[index].pull.failures = min(members.entries[index].pull.failures + 1, 6)
        planPull(index, at: now, now)
    }

    /// Every 30 s, less often in large fleets: push/pull with a random member.
    mutating func syncRound(_ now: Instant) {
        var scale = 1
        if members.size > 32 { scale = max(1, Int.bitWidth - (members.size - 1).leadingZeroBitCount - 4) }
        timers.add(.sync, at: now + configuration.syncInterval * scale)
        for index in randomActive(1) { _ = requestSync(index, now) }
    }
}
