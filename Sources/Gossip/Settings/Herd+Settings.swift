extension Herd {
    /// The fleet's settings in force here, in the order of their keys.
    public var settings: [SettingEntry] { settingsTable.current }

    /// What two peers compare to know whether they hold the same settings.
    public var settingsDigest: SettingsDigest { settingsTable.digest }

    /// Throws when `writeSetting` would be refused.
    public func checkSetting(key: String, value: String?) throws(SettingError) {
        try settingsTable.check(key: key, value: value)
    }

    /// What an earlier run had on disk.
    mutating func restoreSettings(_ entries: [SettingEntry], _ now: Instant) {
        let merge = settingsTable.merge(entries, highestEpoch: 1 << 62, now: now)
        if merge.isChanged { settingsChanged(persist: false, now) }
    }

    /// Sets or deletes a key: as router with the own epoch, else as a local override with the last epoch known, which may lose
    /// against what a router writes.
    mutating func writeSetting(key: String, value: String?, _ now: Instant) {
        let isRouter = lease.isRouter(now: now)
        let epoch = isRouter ? lease.heldEpoch ?? lease.highestEpoch : lease.highestEpoch
        do throws(SettingError) {
            guard let entry = try settingsTable.write(key: key, value: value, epoch: epoch, node: selfRecord.id, now: now)
            else { return }
            actions.append(.note(.settingWritten(entry, asRouter: isRouter)))
        } catch {
            actions.append(.note(.settingRefused(key: String(key.prefix(SettingEntry.longestKey)), error)))
            return
        }
        settingsChanged(persist: true, now)
        // The router's announcement calls the others; without it a few are told, and the rest hear of it by and by.
        if !isRouter {
            for index in randomActive(3) { wantWholeState(index, at: now, now) }
        }
    }

    /// Settings of another peer came in with an exchange that it answered or began.
    mutating func learnSettings(_ message: SyncMessage, isAnswer: Bool, _ now: Instant) {
        if !message.settings.isEmpty {
            let merge = settingsTable.merge(message.settings, highestEpoch: lease.highestLearnableEpoch, now: now)
            for (lost, entry) in merge.overruled { actions.append(.note(.settingOverruled(lost: lost, by: entry))) }
            for entry in merge.dropped { actions.append(.note(.settingDropped(entry))) }
            if merge.refused > 0 { actions.append(.note(.settingsRefused(count: merge.refused, from: message.sender.id))) }
            if merge.isChanged { settingsChanged(persist: true, now) }
        }
        guard let index = members.index(message.sender.id) else { return }
        members.entries[index].pull.theirSettings = message.settingsDigest
        // Who was asked got this peer's settings with the answer, or asks again by itself.
        if isAnswer { exchangeSettingsIfDifferent(index, now) }
    }

    /// A router's announcement says which settings it holds.
    mutating func compareSettings(with record: LeaseRecord, _ now: Instant) {
        guard let index = members.index(record.router), members.entries[index].isActive else { return }
        members.entries[index].pull.theirSettings = record.settings
        exchangeSettingsIfDifferent(index, now)
    }

    /// Plans an exchange with a member that holds other settings: soon, but not all peers at once; and ever more seldom while it
    /// does not help.
    private mutating func exchangeSettingsIfDifferent(_ index: Int, _ now: Instant) {
        guard let theirs = members.entries[index].pull.theirSettings, theirs != settingsTable.digest else {
            members.entries[index].pull.settingsTries = 0
            return
        }
        let tries = members.entries[index].pull.settingsTries
        members.entries[index].pull.settingsTries = min(tries + 1, 6)
        let spread = random.duration(below: max(.milliseconds(50), .milliseconds(Int64(10 * members.size))))
        let pause: Duration = tries == 0 ? .zero : min(.seconds(1) * (1 << (tries - 1)), .seconds(30))
        wantWholeState(index, at: now + spread + pause, now)
    }

    /// The settings to send to a peer whose digest is known: all, if it holds others.
    func settings(unlike theirs: SettingsDigest?, _ now: Instant) -> [SettingEntry] {
        guard let theirs, theirs != settingsTable.digest else { return [] }
        return settingsTable.entries(now: now)
    }

    /// Forgets keys deleted a week ago.
    mutating func sweepSettings(_ now: Instant) {
        if settingsTable.sweep(now: now) { settingsChanged(persist: true, now) }
    }

    private mutating func settingsChanged(persist: Bool, _ now: Instant) {
        changed.view = true
        if persist { actions.append(.settingsChanged(settingsTable.entries(now: now))) }
        feed(.settings(settingsTable.digest), now)
    }
}
