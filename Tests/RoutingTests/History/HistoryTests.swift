import Gossip
import Testing

@testable import Routing

@Suite struct LatencyHistoryTests {
    let model = ModelKey(name: "small:7b")

    /// Nearest rank: the ceiling of three quarters of the count.
    @Test(
        arguments: [([], nil), ([7], 7), ([1, 2], 2), ([3, 1, 2], 3), ([4, 3, 2, 1], 3), ([5, 4, 3, 2, 1], 4)]
            as [([Double], Double?)])
    func percentile(samples: [Double], p75: Double?) {
        var history = LatencyHistory()
        for sample in samples { history.record(peer: peer(1), model: model, milliseconds: sample) }
        #expect(history.p75(peer: peer(1), model: model) == p75)
        #expect(history.p75(peer: peer(2), model: model) == nil)
    }

    /// Against sorting the last 500 afresh.
    @Test func onlyTheLast500Count() {
        var history = LatencyHistory()
        var generator = SeededGenerator(seed: 4)
        var all: [Double] = []
        for _ in 0..<1800 {
            let sample = Double(Int.random(in: 0..<200, using: &generator))
            all.append(sample)
            history.record(peer: peer(1), model: model, milliseconds: sample)
            let last = all.suffix(500).sorted()
            #expect(history.p75(peer: peer(1), model: model) == last[(last.count * 3 + 3) / 4 - 1])
        }
    }

    @Test func whatIsNoTimeIsIgnored() {
        var history = LatencyHistory()
        for sample in [-1, .nan, -Double.infinity] { history.record(peer: peer(1), model: model, milliseconds: sample) }
        #expect(history.p75(peer: peer(1), model: model) == nil)
        history.record(peer: peer(1), model: model, milliseconds: .infinity)
        #expect(history.p75(peer: peer(1), model: model) == 86_400_000)
    }

    @Test func thePairUsedLongestAgoIsForgotten() {
        var history = LatencyHistory(capacity: 3)
        for number in [1, 2, 3, 1, 4] as [UInt64] {
            history.record(peer: peer(number), model: model, milliseconds: Double(number))
        }
        #expect((1...4).map { history.p75(peer: peer($0), model: model) } == [1, nil, 3, 4])
    }
}

@Suite struct SessionAffinityTests {
    @Test func aPinHoldsForItsLifetime() {
        var affinity = SessionAffinity()
        affinity.ran(session: 1, on: peer(7), now: now)
        #expect(affinity.peer(of: 1, now: now + .seconds(900)) == peer(7))
        #expect(affinity.peer(of: 1, now: now + .seconds(901)) == nil)
        #expect(affinity.peer(of: 2, now: now) == nil)
        #expect(affinity.peer(ofPrefix: 1, now: now) == nil)
        affinity.ran(session: 1, on: peer(8), now: now + .seconds(900))
        #expect(affinity.peer(of: 1, now: now + .seconds(1800)) == peer(8))
    }

    @Test func theOldestPinGivesWay() {
        var affinity = SessionAffinity()
        for session in 0..<UInt64(SessionAffinity.capacity) { affinity.ran(session: session, on: peer(1), now: now) }
        affinity.ran(session: 0, on: peer(1), now: now)
        affinity.ran(session: 1 << 40, on: peer(1), now: now)
        #expect(affinity.peer(of: 0, now: now) == peer(1))
        #expect(affinity.peer(of: 1, now: now) == nil)
        #expect(affinity.peer(of: 2, now: now) == peer(1))
    }
}

@Suite struct UnloadHistoryTests {
    @Test func aModelThatComesBackIsNotUnloaded() {
        let loaded = machine(1) { $0.load() }.models
        let empty = machine(1).models
        let key = ModelKey(name: "small:7b")
        var history = UnloadHistory()
        history.changed(peer: peer(1), from: empty, to: loaded, now: now)
        #expect(!history.unloadedLately(key, at: peer(1), now: now))
        history.changed(peer: peer(1), from: loaded, to: empty, now: now)
        #expect(history.unloadedLately(key, at: peer(1), now: now + .seconds(1799)))
        #expect(!history.unloadedLately(key, at: peer(1), now: now + .seconds(1800)))
        #expect(!history.unloadedLately(key, at: peer(2), now: now))
        history.changed(peer: peer(1), from: empty, to: loaded, now: now)
        #expect(!history.unloadedLately(key, at: peer(1), now: now))
        history.changed(peer: peer(1), from: loaded, to: nil, now: now)
        #expect(history.unloadedLately(key, at: peer(1), now: now))
    }
}

@Suite struct RecencyTableTests {
    /// Random changes against a plain list, newest last.
    @Test(arguments: 0..<10 as Range<UInt64>)
    func agreesWithAPlainList(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var table = RecencyTable<Int, Int>(capacity: 8)
        var list: [(key: Int, value: Int)] = []
        for step in 0..<2000 {
            let key = Int.random(in: 0..<14, using: &generator)
            if Int.random(in: 0..<5, using: &generator) == 0 {
                table.remove(key)
                list.removeAll { $0.key == key }
            } else {
                table.update(key, initial: 0) { $0 += step }
                let value = (list.first { $0.key == key }?.value ?? 0) + step
                list.removeAll { $0.key == key }
                list.append((key, value))
                if list.count > 8 { list.removeFirst() }
            }
            #expect(table.count == list.count)
            for key in 0..<14 { #expect(table[key] == list.first { $0.key == key }?.value) }
        }
    }
}
