import Gossip
import Testing

@Suite("Records and their way")
struct RecordTests {
    private func report(_ inFlight: UInt16, cpu: UInt8 = 0, memory: UInt32 = 10_000) -> HotReport {
        var report = HotReport()
        report.inFlight = inFlight
        report.cpuPercent = cpu
        report.memoryAvailableMiB = memory
        return report
    }

    @Test("a change of load is everywhere soon", arguments: [(2, 250), (3, 300), (10, 600)])
    func spreads(count: Int, milliseconds: Int64) {
        var fleet = Fleet(count)
        fleet.join()
        for value in 1...10 {
            fleet.run(for: .seconds(2))
            fleet.give(1, .hot(report(UInt16(value))))
            let start = fleet.now
            fleet.run(for: .seconds(10)) { fleet in
                fleet.nodes.indices.allSatisfy { $0 == 1 || fleet.entry(of: 1, at: $0)?.hot?.inFlight == UInt16(value) }
            }
            #expect((fleet.now - start).wholeMilliseconds <= milliseconds)
        }
    }

    @Test("material changes keep their spacing, small ones wait ten seconds, none costs nothing")
    func spacing() {
        var fleet = Fleet(2)
        fleet.join()
        func counter() -> UInt32 { fleet.nodes[0].herd.memberEntries[0].hotVersion.counter }
        fleet.give(0, .hot(report(1)))
        #expect(counter() == 1)
        for value in 2...41 {
            fleet.run(for: .milliseconds(50))
            fleet.give(0, .hot(report(UInt16(value))))
        }
        fleet.run(for: .milliseconds(800))
        // 2.8 s with one record per 500 ms.
        #expect(counter() >= 5 && counter() <= 7)
        #expect(fleet.entry(of: 0, at: 1)?.hot?.inFlight == 41)
        let before = counter()
        fleet.run(for: .seconds(11))
        for cpu in 1...5 {
            fleet.give(0, .hot(report(41, cpu: UInt8(cpu), memory: 10_000 + UInt32(cpu))))
            fleet.run(for: .milliseconds(1_900))
        }
        #expect(counter() <= before + 2)
        fleet.run(for: .seconds(11))
        #expect(fleet.entry(of: 0, at: 1)?.hot?.cpuPercent == 5)
        let quiet = counter()
        fleet.give(0, .hot(report(41, cpu: 5, memory: 10_005)))
        fleet.run(for: .seconds(60))
        #expect(counter() == quiet)
        // Material: memory by 5 %, processor by 10 points.
        fleet.give(0, .hot(report(41, cpu: 15, memory: 10_005)))
        #expect(counter() == quiet + 1)
        fleet.run(for: .seconds(2))
        fleet.give(0, .hot(report(41, cpu: 15, memory: 9_000)))
        #expect(counter() == quiet + 2)
    }

    @Test("the age of a record counts from its making and is confirmed by its writer's datagrams")
    func age() throws {
        var fleet = Fleet(3)
        fleet.join()
        let start = fleet.now
        fleet.give(0, .hot(report(3)))
        fleet.run(for: .milliseconds(400))
        let early = try #require(fleet.entry(of: 0, at: 2)?.hotMadeAt)
        #expect(early >= start - .milliseconds(10))
        fleet.run(for: .seconds(60))
        let madeAt = try #require(fleet.entry(of: 0, at: 2)?.hotMadeAt)
        #expect(fleet.now - madeAt < .seconds(5))
        // Without its writer nobody confirms it.
        fleet.nodes[0].isUp = false
        let gone = fleet.now
        fleet.run(for: .seconds(20))
        #expect(try #require(fleet.entry(of: 0, at: 2)?.hotMadeAt) <= gone + .milliseconds(2))
    }

    @Test("too many GPUs and models are cut, not refused")
    func trimmed() {
        var fleet = Fleet(2)
        fleet.join()
        var large = report(1)
        large.gpus = (0..<9).map { GPULoad(freeMiB: $0, busyPercent: 1) }
        large.loaded = (0..<9).map { HotModel(key: ModelKey(rawValue: $0)) }
        fleet.give(0, .hot(large))
        fleet.run(for: .seconds(1))
        #expect(fleet.entry(of: 0, at: 1)?.hot?.gpus.count == 4)
        #expect(fleet.entry(of: 0, at: 1)?.hot?.loaded.count == 6)
    }

    @Test("a new cold record is pulled by everybody within a second, and once", arguments: [2, 3, 10])
    func cold(count: Int) {
        var fleet = Fleet(count)
        for index in 0..<count {
            fleet.give(index, .cold(.fixed, payload: [UInt8(index)]))
            fleet.give(index, .hot(report(0)))
        }
        fleet.join()
        for observer in 0..<count {
            for subject in 0..<count where subject != observer {
                #expect(fleet.entry(of: subject, at: observer)?.fixed?.payload == [UInt8(subject)])
            }
        }
        fleet.run(for: .seconds(3))
        let before = fleet.nodes.map(\.syncs.count)
        fleet.give(1, .cold(.models, payload: [1, 2, 3]))
        fleet.run(for: .seconds(1))
        for observer in 0..<count where observer != 1 {
            #expect(fleet.entry(of: 1, at: observer)?.models?.payload == [1, 2, 3])
            #expect(fleet.nodes[observer].syncs.count <= before[observer] + 1)
        }
        // The same again is no news; too long a payload is not taken.
        let version = fleet.nodes[1].herd.memberEntries[1].hotVersion
        fleet.give(1, .cold(.models, payload: [1, 2, 3]))
        fleet.give(1, .cold(.models, payload: [UInt8](repeating: 0, count: SyncMessage.longestPayload + 1)))
        fleet.run(for: .seconds(1))
        #expect(fleet.nodes[1].herd.memberEntries[1].hotVersion == version)
    }

    @Test("a pull that fails is tried again with back-off, and succeeds later")
    func failingPull() {
        var fleet = Fleet(2)
        fleet.join()
        fleet.hasTCP = false
        fleet.give(1, .cold(.models, payload: [9]))
        let before = fleet.nodes[0].syncs.count
        fleet.run(for: .seconds(60))
        let tries = fleet.nodes[0].syncs.count - before
        #expect(tries >= 4 && tries <= 12, "\(tries) tries")
        #expect(fleet.entry(of: 1, at: 0)?.models == nil)
        fleet.hasTCP = true
        fleet.run(for: .seconds(35))
        #expect(fleet.entry(of: 1, at: 0)?.models?.payload == [9])
    }

    @Test("a hot record that gossip missed is pulled, because every header names it")
    func missedHot() {
        var fleet = Fleet(2)
        fleet.join()
        fleet.give(1, .hot(report(1)))
        fleet.run(for: .seconds(5))
        fleet.loss = 1
        fleet.hasTCP = false
        fleet.give(1, .hot(report(2)))
        fleet.run(for: .milliseconds(1_400))
        fleet.loss = 0
        fleet.hasTCP = true
        fleet.run(for: .seconds(3))
        #expect(fleet.entry(of: 1, at: 0)?.hot?.inFlight == 2)
    }

    @Test("a restarted writer's records replace the old ones though their counters are lower")
    func newLife() {
        var fleet = Fleet(3)
        fleet.join()
        for value in 1...5 {
            fleet.give(2, .hot(report(UInt16(value))))
            fleet.give(2, .cold(.models, payload: [UInt8(value)]))
            fleet.run(for: .seconds(1))
        }
        fleet.restart(2, generation: 2)
        fleet.give(2, .hot(report(77)))
        fleet.give(2, .cold(.models, payload: [77]))
        fleet.give(2, .candidate(Fleet.endpoint(0), source: .seed, expected: nil))
        fleet.run(for: .seconds(2))
        for observer in 0..<2 {
            #expect(fleet.entry(of: 2, at: observer)?.hot?.inFlight == 77)
            #expect(fleet.entry(of: 2, at: observer)?.models?.payload == [77])
        }
    }

    @Test("an answer leaves out the cold records that the other side has")
    func answerIsSmall() {
        var fleet = Fleet(3)
        for index in 0..<3 { fleet.give(index, .cold(.models, payload: [UInt8(index)])) }
        fleet.join()
        let request = fleet.nodes[0].herd.syncMessage(now: fleet.now)
        #expect(request.records.map(\.stamp.id) == [Fleet.id(0)])
        #expect(request.have.count == 3 && request.members.count == 3 && request.hot.count == 3)
        #expect(fleet.nodes[1].herd.syncMessage(for: request, now: fleet.now).records.isEmpty)
        var poor = request
        poor.have = []
        let answer = fleet.nodes[1].herd.syncMessage(for: poor, now: fleet.now)
        #expect(answer.records.map(\.stamp.id) == [Fleet.id(1), Fleet.id(2)])
        // Node 0 answered node 1's opening, so node 1 knows what node 0 holds.
        #expect(fleet.nodes[1].herd.syncMessage(to: Fleet.endpoint(0), now: fleet.now).records.isEmpty)
    }

    @Test("a message out of bounds is refused whole")
    func bounds() {
        var fleet = Fleet(2)
        var message = fleet.nodes[1].herd.syncMessage(now: fleet.now)
        #expect(message.isWithinBounds)
        message.sender.endpoint = Fleet.endpoint(1)
        message.records = [
            ColdRecord(
                stamp: ColdStamp(id: Fleet.id(1), kind: .models, version: RecordVersion(generation: 1, counter: 1)),
                payload: [UInt8](repeating: 0, count: SyncMessage.longestPayload + 1))
        ]
        #expect(!message.isWithinBounds)
        fleet.give(0, .synced(message, from: nil))
        #expect(fleet.nodes[0].herd.memberEntries.count == 1)
        message.records = []
        fleet.give(0, .synced(message, from: nil))
        #expect(fleet.nodes[0].herd.memberEntries.count == 2)
    }

    @Test("an idle fleet sends probes and their answers only", arguments: [2, 3, 10])
    func idle(count: Int) {
        var fleet = Fleet(count)
        for index in 0..<count { fleet.give(index, .hot(report(0))) }
        fleet.join()
        fleet.run(for: .seconds(20))
        let before = fleet.nodes.map(\.datagrams)
        let bytes = fleet.nodes.map(\.bytes)
        let syncs = fleet.nodes.map(\.syncs.count)
        fleet.run(for: .seconds(100))
        for index in 0..<count {
            let rate = Double(fleet.nodes[index].datagrams - before[index]) / 100
            #expect(rate > 3 && rate < 5, "\(rate) datagrams a second")
            #expect(Double(fleet.nodes[index].bytes - bytes[index]) / 100 < 400)
            #expect(fleet.nodes[index].syncs.count - syncs[index] <= 4)
        }
    }

    @Test("a lone peer sends nothing at all and never wakes in a hurry")
    func lone() {
        var fleet = Fleet(1)
        fleet.give(0, .hot(report(0)))
        fleet.run(for: .seconds(3_600))
        #expect(fleet.nodes[0].datagrams == 0)
        #expect(fleet.nodes[0].views < 20)
    }

    @Test("the same seed gives the same run, byte for byte")
    func repeatable() {
        func digest() -> UInt64 {
            var fleet = Fleet(5, seed: 42)
            fleet.join()
            fleet.loss = 0.3
            for value in 0..<20 {
                fleet.give(value % 5, .hot(report(UInt16(value))))
                fleet.run(for: .seconds(2))
            }
            #expect(fleet.garbled == 0)
            return fleet.nodes.reduce(0) { $0 &* 31 &+ UInt64($1.datagrams) &* 1_000_003 &+ UInt64($1.bytes) }
        }
        #expect(digest() == digest())
    }
}
