import Gossip
import Synchronization
import Testing

@testable import Mesh

/// Settings: on disk, by the router, without one.
@Suite(.serialized) struct MeshSettingsTests {
    // MARK: The file

    private func entry(_ key: String, _ value: String?, _ counter: UInt64, deleted: UInt32 = 0) -> SettingEntry {
        SettingEntry(
            key: key, value: value, version: SettingVersion(epoch: 3, counter: counter, node: PeerID(short: 1, low: 2)),
            deletedSecondsAgo: deleted)
    }

    @Test func entriesComeBackAndDeletedOnesAge() throws {
        let directory = try TestDirectory()
        let file = SettingsFile(directory: directory.path)
        #expect(file.load(nowMilliseconds: 0).entries.isEmpty)
        #expect(file.load(nowMilliseconds: 0).warning == nil)
        try file.save([entry("a", "1", 1), entry("b", nil, 2, deleted: 5)], nowMilliseconds: 10_000)
        let loaded = file.load(nowMilliseconds: 70_000)
        #expect(loaded.entries == [entry("a", "1", 1), entry("b", nil, 2, deleted: 65)])
        #expect(file.load(nowMilliseconds: 0).entries.last?.deletedSecondsAgo == 5, "a wall clock that went back ages nothing")
        #expect(try directory.mode("settings.json") == 0o600)
    }

    @Test(arguments: [
        "", "{", "[]", "{\"savedAt\":1}", "{\"savedAt\":\"x\",\"settings\":[]}", String(repeating: "[", count: 10_000),
    ])
    func aFileThatIsNoneIsSaid(text: String) throws {
        let directory = try TestDirectory()
        try directory.write(text, to: "settings.json")
        let loaded = SettingsFile(directory: directory.path).load(nowMilliseconds: 0)
        #expect(loaded.entries.isEmpty && loaded.warning != nil)
    }

    @Test func entriesOutOfBoundsStayOut() throws {
        let directory = try TestDirectory()
        let file = SettingsFile(directory: directory.path)
        try file.save(
            [entry("a", "1", 1), entry("b c", "1", 1), entry("d", String(repeating: "x", count: 4_097), 1)], nowMilliseconds: 0)
        let loaded = file.load(nowMilliseconds: 0)
        #expect(loaded.entries.map(\.key) == ["a"])
        #expect(loaded.warning?.contains("2 of its entries") == true)
    }

    // MARK: Commands

    @Test func commandsAreBounded() throws {
        let command = SettingsCommand(epoch: 7, router: "ab", from: "cd", writes: [SettingWrite(key: "k", value: nil)])
        #expect(SettingsCommand.decode(try command.encode()) == command)
        var many = command
        many.writes = (0...SettingsCommand.mostWrites).map { SettingWrite(key: "k\($0)", value: "v") }
        #expect(SettingsCommand.decode(try many.encode()) == nil)
        #expect(SettingsCommand.decode([]) == nil)
        #expect(SettingsCommand.decode(Array("{}".utf8)) == nil)
        #expect(SettingsCommand.decode([UInt8](repeating: 32, count: SettingsCommand.byteLimit + 1)) == nil)
    }

    private func values(_ peer: Peer) -> [String: String?] {
        Dictionary(uniqueKeysWithValues: peer.service.settings.map { ($0.key, $0.value) })
    }

    private func pair() async throws -> (router: Peer, other: Peer) {
        let first = try await Peer("alpha")
        try await first.service.start()
        let second = try await Peer("beta", through: [first])
        try await second.service.start()
        await eventually("both obey one router") {
            let routers = [first, second].map { $0.service.currentView.router }
            return routers[0] != nil && routers[0] == routers[1]
        }
        return first.service.currentView.router?.id == first.id ? (first, second) : (second, first)
    }

    @Test func anyPeerTakesAWriteAndTheRouterDecidesIt() async throws {
        let (router, other) = try await pair()
        #expect(try await other.service.write(settings: [SettingWrite(key: "max_retries", value: "1")]) == .fleet)
        #expect(values(router) == ["max_retries": "1"])
        await eventually("it is everywhere") { values(other) == ["max_retries": "1"] }
        let written = try #require(router.service.settings.first)
        #expect(written.version.node == router.id, "the router wrote it")
        #expect(written.version.epoch == router.service.currentView.router?.epoch)
        #expect(await router.service.status()?.counters.commandsAccepted == 1)
        let told = Mutex<[[SettingEntry]]>([])
        other.service.onSettings { entries in told.withLock { $0.append(entries) } }
        #expect(told.withLock(\.count) == 1, "told at once what is in force")
        #expect(try await router.service.write(settings: [SettingWrite(key: "max_retries", value: nil)]) == .fleet)
        await eventually("the other hears of it") { told.withLock { $0.last?.isEmpty } == true }
        await eventually("it is on disk") { other.directory.read("data/settings.json")?.contains("max_retries") == true }
        await router.stop()
        await other.stop()
    }

    @Test func aFenceThatDoesNotHoldHasNoEffect() async throws {
        let (router, other) = try await pair()
        let view = try #require(router.service.currentView.router)
        func command(_ epoch: UInt64, _ target: PeerID) throws -> [UInt8] {
            try SettingsCommand(
                epoch: epoch, router: target.hex, from: other.id.hex, writes: [SettingWrite(key: "k", value: "v")]
            ).encode()
        }
        let wrong = try [command(view.epoch + 1, router.id), command(view.epoch - 1, router.id), command(view.epoch, other.id)]
        for body in wrong {
            await #expect(throws: SettingWriteError.fenced) { try await router.service.handleSettings(body: body) }
        }
        let right = try command(view.epoch, router.id)
        await #expect(throws: SettingWriteError.fenced) { try await other.service.handleSettings(body: right) }
        #expect(router.service.settings.isEmpty && other.service.settings.isEmpty)
        #expect(await router.service.status()?.counters.commandsFenced == 3)
        await #expect(throws: SettingWriteError.malformed) { try await router.service.handleSettings(body: []) }
        await router.stop()
        await other.stop()
    }

    @Test func aLocalWriteSpreadsToo() async throws {
        let (router, other) = try await pair()
        #expect(try await other.service.write(settings: [SettingWrite(key: "k", value: "v")], scope: .local) == .local)
        #expect(values(other) == ["k": "v"])
        #expect(other.service.settings.first?.version.node == other.id)
        await eventually("the router has it") { values(router) == ["k": "v"] }
        await router.stop()
        await other.stop()
    }

    @Test func aRestartKnowsThemStill() async throws {
        let directory = try TestDirectory()
        let first = try await Peer("alpha", directory: directory)
        try await first.service.start()
        await eventually("it rules itself") { first.service.currentView.router?.id == first.id }
        _ = try await first.service.write(settings: [SettingWrite(key: "k", value: "v"), SettingWrite(key: "l", value: "w")])
        await eventually("it is on disk") { directory.read("data/settings.json")?.contains("\"w\"") == true }
        await first.stop()
        let again = try await Peer("alpha", directory: directory)
        try await again.service.start()
        #expect(values(again) == ["k": "v", "l": "w"])
        await again.stop()
    }

    @Test func whatCannotBeIsRefusedWhole() async throws {
        let peer = try await Peer("alpha")
        await #expect(throws: SettingWriteError.notRunning) { try await peer.service.write(settings: []) }
        try await peer.service.start()
        await #expect(throws: SettingWriteError.refused(key: "a b", .unusableKey)) {
            try await peer.service.write(settings: [SettingWrite(key: "ok", value: "1"), SettingWrite(key: "a b", value: "1")])
        }
        #expect(peer.service.settings.isEmpty, "all or none")
        await peer.stop()
    }
}
