public import Gossip

extension MeshService {
    /// The fleet's settings in force here, in the order of their keys.
    public var settings: [SettingEntry] { settingsBox.current }

    /// Calls `handler` with the settings in force, now and whenever they change, later on the mesh's thread: it must be quick.
    public func onSettings(_ handler: @escaping @Sendable ([SettingEntry]) -> Void) { settingsBox.add(handler) }

    /// Tries to reach the router before a write stays here.
    static let settingTries = 3

    /// Writes settings: by the router where there is one, fenced by its epoch; else, or with `scope` `.local`, here, as an override
    /// that merges with the others' when contact comes. Tells which of the two it was.
    ///
    /// - Throws: `SettingWriteError`; then nothing was written.
    public func write(settings writes: [SettingWrite], scope: SettingScope = .fleet) async throws(SettingWriteError)
        -> SettingScope
    {
        if scope == .fleet {
            for attempt in 1...Self.settingTries {
                switch await onLoop({ $0.settingsPlan() }) ?? .nobody {
                case .here:
                    try await writeHere(writes)
                    return .fleet
                case .router(let router, let endpoint, let epoch):
                    let command = SettingsCommand(epoch: epoch, router: router.hex, from: identity.id.hex, writes: writes)
                    if try await carry(command, to: endpoint) { return .fleet }
                case .nobody:
                    break
                }
                // An election takes about a second.
                if attempt < Self.settingTries { try? await Task.sleep(for: .milliseconds(400)) }
            }
        }
        try await writeHere(writes)
        return .local
    }

    /// `POST /herd/v1/settings`: a write by this peer as router. `body` is JSON; so is the answer.
    ///
    /// The caller has checked that the link is of this fleet.
    /// - Throws: `SettingWriteError`.
    public func handleSettings(body: [UInt8]) async throws(SettingWriteError) -> [UInt8] {
        guard let command = SettingsCommand.decode(body) else { throw .malformed }
        if let refusal = await onLoop({ $0.serve(command) }) ?? .notRunning { throw refusal }
        return Array(#"{"written":\#(command.writes.count)}"#.utf8)
    }

    private func writeHere(_ writes: [SettingWrite]) async throws(SettingWriteError) {
        if let refusal = await onLoop({ $0.write(writes) }) ?? .notRunning { throw refusal }
    }

    /// True when the router has written; false when it was not reached or is router no more. What it refuses is refused here, too,
    /// because its settings are the same or newer.
    private func carry(_ command: SettingsCommand, to endpoint: Endpoint) async throws(SettingWriteError) -> Bool {
        if let refusal = await onLoop({ $0.check(command.writes) }) ?? .notRunning { throw refusal }
        do {
            _ = try await onLoopFuture { $0.bring(command, to: endpoint) }
            return true
        } catch {
            return false
        }
    }
}
