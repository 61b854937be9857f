import Gossip
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

extension MeshCore {
    static let settingsPath = "/herd/v1/settings"

    /// Who a write goes to.
    enum SettingsPlan: Sendable {
        /// This peer is router.
        case here
        case router(PeerID, Endpoint, epoch: UInt64)
        case nobody
    }

    func settingsPlan() -> SettingsPlan {
        guard let rules, let router = rules.router(now: clock.boot()) else { return .nobody }
        if router.id == selfID { return .here }
        guard let endpoint = rules.memberEntry(router.id)?.endpoint, endpoint.port > 0 else { return .nobody }
        return .router(router.id, endpoint, epoch: router.epoch)
    }

    /// Why the writes would be refused here.
    func check(_ writes: [SettingWrite]) -> SettingWriteError? {
        guard phase == .running, let rules else { return .notRunning }
        for write in writes {
            do throws(SettingError) { try rules.checkSetting(key: write.key, value: write.value) } catch {
                return .refused(key: String(write.key.prefix(SettingEntry.longestKey)), error)
            }
        }
        return nil
    }

    /// Writes all or none.
    func write(_ writes: [SettingWrite]) -> SettingWriteError? {
        if let refusal = check(writes) { return refusal }
        for write in writes { apply(.writeSetting(key: write.key, value: write.value)) }
        return nil
    }

    /// A command for the router came in. It has an effect only when this peer still is that router: it obeys itself under this
    /// epoch, and may command itself.
    func serve(_ command: SettingsCommand) -> SettingWriteError? {
        guard phase == .running, let rules else { return .notRunning }
        let now = clock.boot()
        guard command.router == selfID.hex, rules.admits(epoch: command.epoch, router: selfID, now: now),
            let until = rules.validUntil(selfID, now: now), until > now
        else {
            counters.commandsFenced += 1
            return .fenced
        }
        counters.commandsAccepted += 1
        history?.append(
            .command(
                "settings of \(command.from.prefix(16))", router: selfID, epoch: command.epoch, now: now,
                wallMilliseconds: clock.wallMilliseconds()))
        return write(command.writes)
    }

    /// Brings a write to the router.
    func bring(_ command: SettingsCommand, to endpoint: Endpoint) -> EventLoopFuture<[UInt8]> {
        worker.runIfActive(eventLoop: loop) { try command.encode() }
            .assumeIsolated()
            .flatMap { body in
                self.call(
                    LinkCall(
                        method: .POST, path: Self.settingsPath, body: body, answerLimit: 4_096, connectTimeout: .seconds(1),
                        totalTimeout: .seconds(3)), at: endpoint)
            }
            .nonisolated()
    }

    // MARK: On disk

    /// What an earlier run knew.
    func restoreSettings() {
        let loaded = settingsFile.load(nowMilliseconds: clock.wallMilliseconds())
        if let warning = loaded.warning {
            logger.warning("settings.json cannot be used", metadata: ["path": "\(settingsFile.path)", "reason": "\(warning)"])
        }
        if !loaded.entries.isEmpty { apply(.restoreSettings(loaded.entries)) }
        settings.replace(rules?.settings ?? [])
    }

    /// The settings are others now: they are shown at once and written soon, one file at a time.
    func settingsChanged(_ entries: [SettingEntry]) {
        settings.replace(rules?.settings ?? [])
        unsavedSettings = entries
        saveSettings()
    }

    private func saveSettings() {
        guard !isSavingSettings, let entries = unsavedSettings else { return }
        unsavedSettings = nil
        isSavingSettings = true
        let (file, wall) = (settingsFile, clock.wallMilliseconds())
        worker.runIfActive(eventLoop: loop) { try file.save(entries, nowMilliseconds: wall) }
            .assumeIsolated()
            .whenComplete { [weak self] result in
                guard let self else { return }
                self.isSavingSettings = false
                if case .failure(let error) = result {
                    self.logger.error("the settings cannot be written", metadata: ["error": "\(error)"])
                    self.remark("settings not written: \(error)")
                }
                self.saveSettings()
            }
    }
}
