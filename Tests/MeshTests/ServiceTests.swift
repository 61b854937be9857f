import Discovery
import Glibc
import Gossip
import Logging
import Synchronization
import Testing

@testable import Mesh

/// The shell around scripted rules: order, failures, clocks, bad input.
@Suite struct ServiceTests {
    let directory: TestDirectory
    let clock = TestClock()
    let script = ScriptedRules.Script()
    let service: MeshService

    init() throws {
        directory = try TestDirectory()
        service = try Self.make(directory, clock, script)
    }

    static func make(
        _ directory: TestDirectory, _ clock: TestClock, _ script: ScriptedRules.Script, seeds: [SeedURL] = [],
        history: String? = nil,
        discovery: any Discovering = NoDiscovery()
    ) throws -> MeshService {
        var configuration = Peer.configuration("me", directory: directory, port: 0)
        configuration.seeds = seeds
        configuration.historyFile = history
        let state = try StateDirectory(path: configuration.dataDirectory, machine: nil)
        return MeshService(
            configuration: configuration, state: state, clock: clock, logger: .quiet, discovery: { _ in discovery },
            makeRules: { ScriptedRules($0, script) })
    }

    /// A socket of the test's own, to hear what the service sends and to send to it.
    private func probe() throws -> ProbeSocket { try ProbeSocket() }

    private func ping(_ number: UInt32) -> Datagram {
        Datagram(
            sender: service.identity.id.short, generation: service.identity.generation, incarnation: 0, hotCounter: 0,
            localHealth: 0,
            message: .ping(sequence: number, target: 0))
    }

    private func opened(_ bytes: [UInt8]?) throws -> Message? {
        var opener = DatagramOpener(keys: service.fleetKeys)
        return try bytes.map { try opener.open($0).message }
    }

    @Test func badDatagramsAreCountedAndTheLoopGoesOn() async throws {
        try await service.start()
        let probe = try probe()
        let target = Endpoint(.v4(0x7F00_0001), port: await service.meshPort())
        var good = DatagramSealer(keys: service.fleetKeys, sender: 5)
        var foreign = DatagramSealer(keys: .open(fleet: "other"), sender: 5)
        var datagram = ping(1)
        datagram.sender = 5
        let first = good.seal(datagram)
        var forged = first
        forged[40] ^= 1
        var random = SeededGenerator(seed: 3)
        probe.send([], to: target)
        probe.send(Array("hello".utf8), to: target)
        probe.send((0..<1_400).map { _ in UInt8.random(in: 0...255, using: &random) | 0x80 }, to: target)
        probe.send([0x48] + (0..<2_500).map { _ in 0 }, to: target)
        probe.send(foreign.seal(datagram), to: target)
        probe.send(forged, to: target)
        probe.send(first, to: target)
        probe.send(first, to: target)
        datagram.message = .ping(sequence: 2, target: 0)
        probe.send(good.seal(datagram), to: target)
        await eventually("two good datagrams came through") { script.read(\.datagrams).count == 2 }
        await eventually("all were counted") { await service.status()?.counters.received == 9 }
        let counters = try #require(await service.status()?.counters)
        #expect(counters.dropped == ["size": 2, "foreign": 2, "fleet": 1, "forged": 1, "replayed": 1])
        await service.shutdown()
    }

    @Test func actionsAreDoneInTheirOrderAndTheRowIsOnDiskBeforeTheSend() async throws {
        let probe = try probe()
        try await service.start()
        let row = DurableLease(maxEpoch: 41, longestGrantMilliseconds: 2_045, cleanExit: false)
        script.answer([.persist(row), .send(ping(77), to: probe.endpoint)])
        service.evidence(.refused, of: PeerID(short: 1, low: 1))
        let bytes = await probe.receive()
        #expect(try opened(bytes) == .ping(sequence: 77, target: 0))
        #expect(directory.read("data/identity/lease.json")?.contains("41") == true)
        await service.shutdown()
    }

    @Test func aFailedWriteHoldsBackWhatFollowsItAndIsTriedAgain() async throws {
        let probe = try probe()
        try await service.start()
        try directory.makeFolder("data/identity/lease.json.tmp")
        let row = DurableLease(maxEpoch: 42)
        script.answer([.send(ping(1), to: probe.endpoint), .persist(row), .send(ping(2), to: probe.endpoint)])
        service.evidence(.refused, of: PeerID(short: 1, low: 1))
        await eventually("the rules hear of it") { script.read(\.storage) == [false] }
        #expect(await service.status()?.storageWritable == false)
        #expect(service.storageProblem?.contains("lease.json") == true)
        #expect(await service.status()?.storageError?.contains("lease.json") == true)
        try directory.remove("data/identity/lease.json.tmp")
        await eventually("the row is written after all") { script.read(\.storage) == [false, true] }
        #expect(directory.read("data/identity/lease.json")?.contains("42") == true)
        #expect(await service.status()?.storageWritable == true)
        #expect(service.storageProblem == nil)
        script.answer([.send(ping(3), to: probe.endpoint)])
        service.evidence(.reset, of: PeerID(short: 1, low: 1))
        #expect(try opened(await probe.receive()) == .ping(sequence: 1, target: 0))
        #expect(try opened(await probe.receive()) == .ping(sequence: 3, target: 0))
        await service.shutdown()
    }

    @Test func aSleepIsToldBeforeAnythingElse() async throws {
        let discovery = FakeDiscovery()
        let other = try TestDirectory()
        let service = try Self.make(other, clock, script, discovery: discovery)
        let running = Task { try await service.run() }
        await eventually("it runs") { script.read(\.setup) != nil && discovery.state == .running(name: "fake") }
        clock.sleep(.seconds(3_600))
        await eventually("the sleep is noticed") { !script.read(\.resumed).isEmpty }
        let away = try #require(script.read(\.resumed).first)
        #expect(away >= .seconds(3_599) && away <= .seconds(3_601))
        await eventually("mDNS announces again") { discovery.reannouncements == 1 }
        clock.pause(.seconds(5))
        await eventually("the stop is noticed") { script.read(\.resumed).count == 2 }
        #expect(discovery.reannouncements == 1, "at most once a minute")
        clock.setWall(by: 10 * 365 * 86_400_000)
        clock.pause(.seconds(1))
        await never("a jump of the wall clock counts", for: .milliseconds(600)) { script.read(\.resumed).count > 2 }
        await service.shutdown()
        try await running.value
    }

    @Test func theTimerFollowsTheRules() async throws {
        try await service.start()
        for round in 1...3 {
            script.state.withLock { $0.wakeAt = clock.boot() + .milliseconds(30) }
            service.evidence(.refused, of: PeerID(short: 1, low: 1))
            await eventually("woken") {
                script.read { state in state.events.count { $0 == "wake" } } >= round
            }
            script.state.withLock { $0.wakeAt = .distantFuture }
        }
        await service.shutdown()
    }

    @Test func equalReportsCostNothing() async throws {
        try await service.start()
        var hot = HotReport()
        hot.inFlight = 3
        let models = ModelsReport(available: [AvailableModel(name: "a", backend: "ollama")])
        for _ in 0..<5 {
            service.publish(hot: hot)
            service.publish(models: models)
            service.publish(fixed: StaticReport(name: "me"))
        }
        hot.inFlight = 4
        service.publish(hot: hot)
        await eventually("both came") { script.read(\.hot).map(\.inFlight) == [3, 4] }
        #expect(script.read { state in state.cold.map(\.0) } == [.fixed, .models])
        let payload = try #require(script.read { state in state.cold.last?.1 })
        #expect(ReportCoding.decode(ModelsReport.self, payload) == models)
        await service.shutdown()
    }

    @Test func sightingsBecomeCandidates() async throws {
        let discovery = FakeDiscovery()
        let other = try TestDirectory()
        let service = try Self.make(other, clock, script, discovery: discovery)
        let running = Task { try await service.run() }
        let tag = service.fleetKeys.tagHex
        func sighting(_ tag: String, _ id: String, _ addresses: [String]) -> Sighting {
            Sighting(fleetTag: tag, shortID: id, addresses: addresses, port: 9, hostName: "h.local", protocolVersion: 1)
        }
        discovery.sight(sighting("00000000", "00000000000000aa", ["10.0.0.1"]))
        discovery.sight(sighting(tag, service.identity.id.shortHex, ["10.0.0.2"]))
        discovery.sight(sighting(tag, "nonsense", ["10.0.0.3"]))
        discovery.sight(
            sighting(tag, "00000000000000aa", ["fe80::1", "nonsense", "fe80::2%7", "fd00::1", "10.0.0.4", "0.0.0.0"]))
        discovery.vanish(shortID: "00000000000000aa")
        await eventually("the hint came") { script.read(\.hints) == [0xAA] }
        let candidates = script.read(\.candidates)
        #expect(candidates.map { AddressText.format($0.0) } == ["10.0.0.4:9", "[fd00::1]:9", "[fe80::2%7]:9"])
        #expect(candidates.allSatisfy { $0.1 == .mdns && $0.2 == 0xAA })
        #expect(await service.status()?.counters.foreignSightings == 1)
        for _ in 0..<1_000 { discovery.sight(sighting(tag, "00000000000000bb", ["10.0.0.5"])) }
        discovery.sight(sighting("11111111", "00000000000000bb", ["10.0.0.5"]))
        await eventually("the flood is over") { await service.status()?.counters.foreignSightings == 2 }
        #expect(script.read(\.candidates).count <= 3 + 64 + 64)
        await service.shutdown()
        try await running.value
    }

    @Test func malformedSyncsAreTypedErrors() async throws {
        await #expect(throws: MeshSyncError.malformed) { try await service.handleSync(body: [], remote: nil) }
        try await service.start()
        let message = SyncMessage(
            sender: MemberRecord(
                id: PeerID(short: 9, low: 9), generation: 1, incarnation: 0, status: .alive,
                endpoint: Endpoint(.v4(0), port: 5), candidacy: Candidacy()),
            members: [], have: [], records: [], hot: [], lease: nil)
        let good = try SyncDocument.encode(message)
        for cut in stride(from: 0, to: good.count, by: 7) {
            await #expect(throws: MeshSyncError.malformed) {
                try await service.handleSync(body: Array(good[..<cut]), remote: nil)
            }
        }
        let nested = Array(String(repeating: "[", count: 100_000).utf8)
        await #expect(throws: MeshSyncError.malformed) { try await service.handleSync(body: nested, remote: nil) }
        let long = [UInt8](repeating: 32, count: SyncDocument.byteLimit + 1)
        await #expect(throws: MeshSyncError.tooLong(bytes: long.count)) { try await service.handleSync(body: long, remote: nil) }
        let answer = try await service.handleSync(body: good, remote: .v4(0x0A00_0009))
        #expect(SyncDocument.decode(answer)?.sender.id == service.identity.id)
        await service.shutdown()
        await #expect(throws: MeshSyncError.notRunning) { try await service.handleSync(body: good, remote: nil) }
    }

    @Test func whereASenderCanBeDialled() {
        let named = Endpoint(.v4(0x0A00_0001), port: 5)
        #expect(MeshCore.dialAddress(named, remote: .v4(0x0A00_0002)) == Endpoint(.v4(0x0A00_0002), port: 5))
        #expect(MeshCore.dialAddress(named, remote: nil) == named)
        #expect(MeshCore.dialAddress(Endpoint(.v4(0), port: 5), remote: nil) == nil)
        #expect(MeshCore.dialAddress(Endpoint(.v4(1), port: 0), remote: .v4(2)) == nil)
    }

    @Test func aTakenPortStopsTheStart() async throws {
        let probe = try probe()
        let configuration = Peer.configuration("me", directory: directory, port: probe.endpoint.port)
        let script = script
        let taken = MeshService(
            configuration: configuration, state: try StateDirectory(path: directory.file("other"), machine: nil), clock: clock,
            logger: .quiet, discovery: { _ in NoDiscovery() }, makeRules: { ScriptedRules($0, script) })
        await #expect {
            try await taken.run()
        } throws: { "\($0)".contains("--mesh-port") }
        withExtendedLifetime(probe) {}
    }

    @Test func shutdownIsQuickAndFinal() async throws {
        let probe = try probe()
        let history = directory.file("history.jsonl")
        let ownDirectory = try TestDirectory()
        let service = try Self.make(ownDirectory, clock, script, history: history)
        try await service.start()
        let other = PeerID(short: 8, low: 8)
        let record = MemberRecord(
            id: other, generation: 1, incarnation: 0, status: .alive, endpoint: Endpoint(.v4(0x0A00_0001), port: 4),
            candidacy: Candidacy())
        script.state.withLock { $0.others = [ScriptedRules.entry(record, status: .alive)] }
        script.answer([
            .persist(DurableLease(maxEpoch: 50, cleanExit: true)), .send(ping(9), to: probe.endpoint),
            .note(.lease(.steppedDown(epoch: 50, .shutdown))), .viewChanged,
        ])
        let started = ContinuousClock.now
        await service.shutdown()
        await service.shutdown()
        // 40 ms of its own; the rest is room for a busy test machine.
        #expect(ContinuousClock.now - started < .seconds(10))
        #expect(script.read(\.events).last == "shutdown")
        // The farewell and two repetitions, each with a number of its own.
        for _ in 0..<3 { #expect(await probe.receive() != nil) }
        #expect(service.currentView.member(other)?.status == .alive)
        service.publish(hot: HotReport())
        #expect(await service.status()?.phase == "stopped")
        #expect(script.read(\.events).last == "shutdown")
        await eventually("the history is written") { directory.read("history.jsonl")?.contains("step-down") == true }
    }

    @Test func noStartAfterAShutdown() async throws {
        await service.shutdown()
        await #expect(throws: MeshStartError.alreadyStarted) { try await service.start() }
    }

    @Test func cancellationStopsTheService() async throws {
        let service = service
        let running = Task { try await service.run() }
        await eventually("it runs") { script.read(\.setup) != nil }
        running.cancel()
        try await running.value
        #expect(await service.status()?.phase == "stopped")
    }
}
