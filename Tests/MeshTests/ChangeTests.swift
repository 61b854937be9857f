import Discovery
import Gossip
import Synchronization
import Testing

@testable import Mesh

/// What changes while a peer runs: its machine sleeps, its address changes, it learns that it is a copy.
@Suite struct ChangeTests {
    let directory: TestDirectory
    let clock = TestClock()
    let script = ScriptedRules.Script()

    init() throws { directory = try TestDirectory() }

    private func make(_ discovery: @escaping MeshService.DiscoveryFactory = { _ in NoDiscovery() }) throws -> MeshService {
        var configuration = Peer.configuration("me", directory: directory, port: 0)
        configuration.historyFile = directory.file("history.jsonl")
        let state = try StateDirectory(path: configuration.dataDirectory, machine: nil)
        let script = script
        return MeshService(
            configuration: configuration, state: state, clock: clock, logger: .quiet, discovery: discovery,
            makeRules: { ScriptedRules($0, script) })
    }

    private func datagram(_ service: MeshService) -> Datagram {
        Datagram(
            sender: service.identity.id.short, generation: service.identity.generation, incarnation: 0, hotCounter: 0,
            localHealth: 0, message: .gossip)
    }

    // MARK: Sleep

    @Test func theGoodbyeBeforeASleepIsOutWhenItReturns() async throws {
        let service = try make()
        let probe = try ProbeSocket()
        try await service.start()
        script.answer([.send(datagram(service), to: probe.endpoint)])
        let began = ContinuousClock.now
        await service.suspend()
        #expect(ContinuousClock.now - began < .seconds(5))
        for _ in 0..<3 { #expect(await probe.receive() != nil, "the goodbye and two repetitions") }
        #expect(script.read(\.events).last == "suspending")
        clock.sleep(.seconds(600))
        service.awake()
        await eventually("the sleep is told") { script.read(\.resumed).count == 1 }
        #expect(try #require(script.read(\.resumed).first) >= .seconds(599))
        service.awake()
        #expect(await service.status()?.notes.contains { $0.text == "the machine goes to sleep" } == true)
        #expect(script.read(\.resumed).count == 1, "told once")
        await service.shutdown()
    }

    @Test func aSleepThatIsCalledOffIsOverToo() async throws {
        let service = try make()
        try await service.start()
        await service.suspend()
        service.awake()
        await eventually("the rules go on") { script.read(\.resumed).count == 1 }
        #expect(try #require(script.read(\.resumed).first) < .seconds(30))
        await service.suspend()
        // Nobody says that it was called off, and the clocks show no sleep: small steps, as of a machine that runs.
        for _ in 0..<32 {
            clock.pause(.seconds(1))
            _ = await service.status()
            try await Task.sleep(for: .milliseconds(20))
        }
        await eventually("it is taken for called off") { script.read(\.resumed).count >= 2 }
        await service.shutdown()
    }

    // MARK: Address

    private func candidate(_ text: String, running: Bool = true) throws -> OwnAddress.Candidate {
        OwnAddress.Candidate(address: try #require(AddressText.parse(text)), isRunning: running)
    }

    /// What others are told, from which addresses, after which one.
    @Test(arguments: [
        ("127.0.0.1 10.0.0.1", "", "10.0.0.1"), ("127.0.0.1", "", "127.0.0.1"), ("", "", "127.0.0.1"),
        ("127.0.0.1 fd00::1 10.0.0.1", "", "10.0.0.1"), ("127.0.0.1 fe80::1%1 169.254.0.1 fd00::1", "", "fd00::1"),
        ("10.0.0.1- 10.0.0.2", "", "10.0.0.2"), ("10.0.0.1-", "", "10.0.0.1"),
        ("10.0.0.1 10.0.0.2", "10.0.0.2", "10.0.0.2"), ("10.0.0.1", "10.0.0.2", "10.0.0.1"),
        ("127.0.0.1", "10.0.0.2", "10.0.0.2"), ("127.0.0.1 10.0.0.2-", "10.0.0.2", "10.0.0.2"),
        ("10.0.0.1 10.0.0.2-", "10.0.0.2", "10.0.0.1"), ("127.0.0.1 10.0.0.1", "127.0.0.1", "10.0.0.1"),
        ("10.0.0.1 fd00::1", "fd00::1", "fd00::1"), ("169.254.0.9 10.0.0.1", "169.254.0.9", "10.0.0.1"),
    ])
    func theOwnAddress(list: String, current: String, chosen: String) throws {
        let candidates = try list.split(separator: " ").map { word in
            try candidate(String(word.filter { $0 != "-" }), running: !word.hasSuffix("-"))
        }
        let found = OwnAddress.choose(
            among: candidates, bound: [.v4(0), .v6(high: 0, low: 0, scope: 0)],
            current: current.isEmpty ? nil : AddressText.parse(current))
        #expect(AddressText.format(found) == chosen)
    }

    @Test func aFamilyThatIsNotBoundIsNotTold() throws {
        let all = [try candidate("fd00::1"), try candidate("10.0.0.1")]
        #expect(OwnAddress.choose(among: all, bound: [.v6(high: 0, low: 0, scope: 0)], current: nil) == all[0].address)
        let given = try #require(AddressText.parse("10.9.9.9"))
        #expect(OwnAddress.choose(among: all, bound: [given], current: all[1].address) == given)
    }

    @Test func theMachinesAddressesAreRead() {
        #expect(OwnAddress.candidates().contains { $0.address.isLoopback })
    }

    @Test func aChangeIsToldOnceAndLookedForEveryTwoSeconds() throws {
        let list = Mutex([try candidate("10.0.0.1")])
        let old = try candidate("10.0.0.1").address
        var watch = AddressWatch(bound: [.v4(0)], current: old, now: .zero) { list.withLock(\.self) }
        let new = try candidate("10.0.0.7")
        list.withLock { $0 = [new] }
        var told: [IPAddress?] = []
        for tenths in [1, 19, 20, 21, 40, 60] { told.append(watch.check(now: .zero + .milliseconds(100 * tenths))) }
        #expect(told == [nil, nil, new.address, nil, nil, nil])
        #expect(watch.current == new.address)
    }

    // MARK: Identity

    @Test func aCopyTakesANewIdentityAndGoesOn() async throws {
        let announced = Mutex<[String]>([])
        let service = try make { announcement in
            announced.withLock { $0.append(announcement.shortID) }
            return NoDiscovery()
        }
        let running = Task { try await service.run() }
        await eventually("it runs") { announced.withLock(\.count) == 1 }
        let port = await service.meshPort()
        let old = service.identity
        let other = MemberRecord(
            id: PeerID(short: 8, low: 8), generation: 1, incarnation: 0, status: .alive,
            endpoint: Endpoint(.v4(0x0A00_0001), port: 4), candidacy: Candidacy())
        script.state.withLock { $0.others = [ScriptedRules.entry(other, status: .alive)] }
        let before = service.currentView.number
        script.answer([.reidentify, .send(datagram(service), to: Endpoint(.v4(0x7F00_0001), port: 1))])
        service.evidence(.refused, of: PeerID(short: 1, low: 1))
        await eventually("there is a new identity") { service.identity.id != old.id }
        await eventually("mDNS tells of it") { announced.withLock { $0.last } == service.identity.id.shortHex }
        let setup = try #require(script.read(\.setup))
        #expect(setup.selfRecord.id == service.identity.id)
        #expect(setup.selfRecord.generation == 1)
        #expect(setup.remembered.map(\.id) == [other.id], "it keeps what it knew of the others")
        #expect(setup.durable == DurableLease(), "what the other one promised is not its own")
        await eventually("the view is the new one's") { service.currentView.selfID == service.identity.id }
        #expect(service.currentView.number > before)
        #expect(await service.meshPort() == port)
        #expect(await service.status()?.counters.sent == 0, "nothing that the old rules wanted is done")
        #expect(try directory.names(in: "data/identity").contains("peer.json.aside-1"))
        await eventually("the history says so") { directory.read("history.jsonl")?.contains("\"identity\"") == true }
        let next = service.identity.id
        await service.shutdown()
        try await running.value
        let again = try StateDirectory(path: directory.file("data"), machine: nil)
        #expect(again.identity.id == next && again.identity.generation == 2, "it is on disk")
    }

    @Test func aCopyThatCannotWriteStaysAndSaysSo() async throws {
        let service = try make()
        try await service.start()
        let old = service.identity.id
        try directory.makeFolder("data/identity/peer.json.tmp")
        try directory.makeFolder("data/identity/lease.json.tmp")
        script.answer([.reidentify])
        service.evidence(.refused, of: PeerID(short: 1, low: 1))
        await eventually("status says so") {
            await service.status()?.notes.contains { $0.text.hasPrefix("cannot take a new identity") } == true
        }
        #expect(service.identity.id == old)
        await service.shutdown()
    }
}
