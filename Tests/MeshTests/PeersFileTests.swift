import Gossip
import Testing

@testable import Mesh

@Suite struct PeersFileTests {
    let directory: TestDirectory
    let file: PeersFile
    let now: Int64 = 1_800_000_000_000

    init() throws {
        directory = try TestDirectory()
        file = PeersFile(directory: directory.path, keepFor: .seconds(7 * 24 * 3_600))
    }

    private func peer(_ number: UInt64, seconds: Int64 = 0, address: IPAddress = .v4(0x0A00_0001)) -> PeersEntry {
        PeersEntry(
            RememberedPeer(
                id: PeerID(short: number, low: number), endpoint: Endpoint(address, port: 11_445), secondsSinceSeen: seconds,
                left: false,
                ephemeral: number % 2 == 0),
            name: "n\(number)", nowMilliseconds: now)
    }

    @Test func peersComeBackWithTheTimeThatPassed() throws {
        let linkLocal = IPAddress.v6(high: 0xFE80 << 48, low: 0x1234, scope: 3)
        try file.save([peer(1, seconds: 10), peer(2, address: linkLocal)], nowMilliseconds: now, durable: true)
        let loaded = file.load(nowMilliseconds: now + 60_000)
        #expect(loaded.warning == nil)
        let back = loaded.peers.compactMap { $0.remembered(nowMilliseconds: now + 60_000) }.sorted { $0.id < $1.id }
        #expect(back.map(\.secondsSinceSeen) == [70, 60])
        #expect(back.map(\.endpoint.address) == [.v4(0x0A00_0001), linkLocal])
        #expect(back.map(\.ephemeral) == [false, true])
    }

    @Test func aPeerSilentForSevenDaysIsForgotten() throws {
        let week: Int64 = 7 * 24 * 3_600
        try file.save([peer(1, seconds: week - 5), peer(2, seconds: week + 5)], nowMilliseconds: now, durable: false)
        #expect(file.load(nowMilliseconds: now).peers.map(\.name) == ["n1"])
        #expect(file.load(nowMilliseconds: now + 10_000).peers.isEmpty)
    }

    @Test func theWallClockSetBackForgetsNobody() throws {
        try file.save([peer(1)], nowMilliseconds: now, durable: false)
        let loaded = file.load(nowMilliseconds: now - 10 * 365 * 24 * 3_600_000)
        #expect(loaded.peers.map { $0.remembered(nowMilliseconds: 0)?.secondsSinceSeen } == [0])
    }

    @Test func theFileIsBounded() throws {
        let many = (1...1_500).map { peer(UInt64($0), seconds: Int64($0)) }
        try file.save(many + many, nowMilliseconds: now, durable: false)
        let loaded = file.load(nowMilliseconds: now).peers
        #expect(loaded.count == PeersFile.entryLimit)
        #expect(loaded.first?.name == "n1")
    }

    @Test(arguments: ["", "[]", "{\"peers\":[{}]}", "\u{0}\u{1}"])
    func aDamagedFileIsMovedAside(content: String) throws {
        try directory.write(content, to: "peers.json")
        let loaded = file.load(nowMilliseconds: now)
        #expect(loaded.peers.isEmpty)
        #expect(loaded.warning != nil)
        #expect(directory.read("peers.json") == nil)
        #expect(directory.read("peers.json.aside-1") == content)
    }

    @Test(arguments: [("", 1), ("10.0.0.1", 0), ("host", 1), ("0.0.0.0", 1)])
    func anEntryThatCannotBeDialledIsSkipped(address: String, port: Int) throws {
        var entry = peer(1)
        entry.address = address
        entry.port = UInt16(port)
        #expect(entry.remembered(nowMilliseconds: now) == nil)
    }

    @Test func noFileIsNoWarning() {
        let loaded = file.load(nowMilliseconds: now)
        #expect(loaded.peers.isEmpty && loaded.warning == nil)
    }
}
