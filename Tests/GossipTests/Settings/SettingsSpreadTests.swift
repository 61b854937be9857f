import Gossip
import Testing

@Suite("Fleet settings between peers")
struct SettingsSpreadTests {
    private func elected(_ count: Int, seed: UInt64 = 1) -> Fleet {
        var fleet = Fleet(count, seed: seed)
        fleet.carriesLease = true
        for index in 0..<count { fleet.give(index, .candidacy(Candidacy(priority: 50, seasoned: true))) }
        fleet.join()
        fleet.run(for: .seconds(5))
        return fleet
    }

    private func findRouter(_ fleet: Fleet, among places: [Int]? = nil) -> Int? {
        (places ?? Array(fleet.nodes.indices)).first { fleet.nodes[$0].herd.isRouter(now: fleet.now) }
    }

    private func part(_ fleet: inout Fleet, _ left: [Int]) {
        for a in left {
            for b in fleet.nodes.indices where !left.contains(b) { fleet.cut.formUnion([[a, b], [b, a]]) }
        }
    }

    private func allEqual(_ fleet: Fleet) -> Bool {
        fleet.nodes.allSatisfy { $0.herd.settingsDigest == fleet.nodes[0].herd.settingsDigest }
    }

    private func values(_ fleet: Fleet, at index: Int) -> [String: String] {
        Dictionary(uniqueKeysWithValues: fleet.nodes[index].herd.settings.map { ($0.key, $0.value ?? "") })
    }

    @Test("What the router writes is everywhere within two seconds, and on everybody's disk")
    func routed() throws {
        var fleet = elected(5)
        let router = try #require(findRouter(fleet))
        fleet.give(router, .writeSetting(key: "queue.limit", value: "7"))
        fleet.run(for: .seconds(2)) { allEqual($0) }
        #expect(allEqual(fleet))
        for index in fleet.nodes.indices {
            #expect(values(fleet, at: index) == ["queue.limit": "7"])
            #expect(fleet.nodes[index].settingsOnDisk == fleet.nodes[index].herd.settings)
        }
        let epoch = try #require(fleet.nodes[router].herd.heldEpoch)
        #expect(fleet.nodes[0].herd.settings[0].version.epoch == epoch)
        // Equal tables cause no exchanges.
        let before = fleet.nodes.map(\.syncs.count).reduce(0, +)
        fleet.run(for: .seconds(20))
        #expect(fleet.nodes.map(\.syncs.count).reduce(0, +) - before <= 6, "nothing but the rounds of every 30 s")
    }

    @Test("What two sides wrote during a partition is everywhere after it; no key is lost, and the conflict is noted")
    func partition() throws {
        for seed: UInt64 in 1...5 {
            var fleet = elected(5, seed: seed)
            let first = try #require(findRouter(fleet))
            fleet.give(first, .writeSetting(key: "both", value: "before"))
            fleet.give(first, .writeSetting(key: "gone", value: "soon"))
            fleet.run(for: .seconds(3))
            part(&fleet, [0, 1])
            fleet.run(for: .seconds(15))
            let left = try #require(findRouter(fleet, among: [0, 1]))
            let right = try #require(findRouter(fleet, among: [2, 3, 4]))
            fleet.give(left, .writeSetting(key: "left", value: "l"))
            fleet.give(left, .writeSetting(key: "both", value: "left"))
            fleet.give(right, .writeSetting(key: "right", value: "r"))
            fleet.give(right, .writeSetting(key: "both", value: "right"))
            fleet.give(right, .writeSetting(key: "gone", value: nil))
            fleet.run(for: .seconds(5))
            #expect(!allEqual(fleet))
            fleet.cut = []
            fleet.run(for: .seconds(40)) { allEqual($0) }
            #expect(allEqual(fleet), "seed \(seed)")
            let found = values(fleet, at: 0)
            #expect(found["left"] == "l" && found["right"] == "r" && found["gone"] == nil)
            let winner = try #require(found["both"])
            let losers = winner == "left" ? [2, 3, 4] : [0, 1]
            for index in losers {
                let notes = fleet.count(at: index) {
                    if case .settingOverruled(let lost, let kept) = $0 {
                        lost.key == "both" && kept.value == winner
                    } else {
                        false
                    }
                }
                #expect(notes == 1, "seed \(seed), peer \(index)")
            }
        }
    }

    @Test("Without a router a write is a local override; it spreads, and the router's later write wins over it")
    func override() throws {
        var fleet = Fleet(3)
        fleet.join()
        fleet.give(1, .writeSetting(key: "x", value: "override"))
        #expect(fleet.count(at: 1) { if case .settingWritten(_, asRouter: false) = $0 { true } else { false } } == 1)
        fleet.run(for: .seconds(40)) { allEqual($0) }
        #expect(values(fleet, at: 0) == ["x": "override"])
        fleet.carriesLease = true
        fleet.give(0, .candidacy(Candidacy(priority: 50, seasoned: true)))
        fleet.run(for: .seconds(5))
        let router = try #require(findRouter(fleet))
        fleet.give(router, .writeSetting(key: "x", value: "routed"))
        fleet.run(for: .seconds(3)) { allEqual($0) }
        #expect(values(fleet, at: 1) == ["x": "routed"])
    }

    @Test("A restarted peer has what it had, and a newcomer gets everything")
    func restore() throws {
        var fleet = elected(3)
        let router = try #require(findRouter(fleet))
        fleet.give(router, .writeSetting(key: "x", value: "1"))
        fleet.run(for: .seconds(3))
        let kept = fleet.nodes[1].settingsOnDisk
        fleet.restart(1, generation: 2)
        fleet.give(1, .restoreSettings(kept))
        #expect(values(fleet, at: 1) == ["x": "1"])
        fleet.addNode(id: Fleet.id(3), endpoint: Fleet.endpoint(3))
        fleet.give(3, .candidate(fleet.nodes[0].endpoint, source: .seed, expected: nil))
        fleet.run(for: .seconds(10)) { allEqual($0) }
        #expect(values(fleet, at: 3) == ["x": "1"])
    }

    @Test("A broken peer's settings do not get in: too many, too long, or of an epoch that cannot be")
    func hostile() throws {
        var fleet = elected(3)
        let router = try #require(findRouter(fleet))
        let other = (router + 1) % 3
        func send(_ entries: [SettingEntry]) {
            var message = fleet.nodes[other].herd.syncMessage(now: fleet.now)
            message.settings = entries
            message.settingsDigest = SettingsDigest(count: UInt16(clamping: entries.count), hash: 1)
            fleet.give(router, .synced(message, from: fleet.nodes[other].endpoint))
        }
        func entry(_ key: String, epoch: UInt64) -> SettingEntry {
            SettingEntry(key: key, value: "x", version: SettingVersion(epoch: epoch, counter: 1, node: Fleet.id(other)))
        }
        send((0..<513).map { entry("many\($0)", epoch: 1) })
        send([entry(String(repeating: "k", count: 129), epoch: 1)])
        #expect(values(fleet, at: router).isEmpty)
        send([entry("far", epoch: 1 << 62), entry("fine", epoch: 2)])
        #expect(values(fleet, at: router) == ["fine": "x"])
        #expect(fleet.count(at: router) { if case .settingsRefused(1, _) = $0 { true } else { false } } == 1)
        fleet.give(router, .writeSetting(key: "fine", value: String(repeating: "v", count: 5_000)))
        #expect(fleet.count(at: router) { if case .settingRefused("fine", .valueTooLong) = $0 { true } else { false } } == 1)
        #expect(throws: SettingError.valueTooLong) {
            try fleet.nodes[router].herd.checkSetting(key: "fine", value: String(repeating: "v", count: 5_000))
        }
    }
}
