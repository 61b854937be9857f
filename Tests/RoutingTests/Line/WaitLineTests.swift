import Gossip
import Routing
import Testing

@Suite struct WaitLineTests {
    private let a = peer(1)
    private let b = peer(2)
    private let model = ModelKey(name: "tiny")
    private let other = ModelKey(name: "big")

    @Test func firstComeFirstServedPerModel() {
        let line = Box(limit: 10)
        #expect(line.join(1, model: model, peers: [a]) == 1)
        #expect(line.join(2, model: model, peers: [a, b]) == 2)
        #expect(line.join(3, model: other, peers: [b]) == 1)
        #expect(line.mayTry(1) && !line.mayTry(2) && line.mayTry(3))
        // A round that found all busy again keeps the place.
        #expect(line.join(1, model: model, peers: [a]) == 1)
        #expect(line.value.count == 3 && line.value.count(of: model) == 2)
        #expect(line.leave(1) == 2)
        #expect(line.position(of: 2) == 1)
        #expect(line.leave(1) == nil)
    }

    @Test func callsGoToTheFirstThatCanUseThem() {
        let line = Box(limit: 10)
        _ = line.join(1, model: model, peers: [a])
        _ = line.join(2, model: model, peers: [a, b])
        #expect(line.wakeFirst(for: b) == 2)
        // The second tries already: called again, it is not passed over and tries once more.
        #expect(line.wakeFirst(for: b) == nil)
        _ = line.join(2, model: model, peers: [a, b])
        #expect(line.missedCall(2) == 2)
        _ = line.join(2, model: model, peers: [a, b])
        #expect(line.missedCall(2) == nil)
        #expect(line.wakeFirst(for: a) == 1)
        #expect(line.wakeFirst(of: model) == nil)
        #expect(line.holds(model) && !line.holds(other))
    }

    @Test func clientsTakeTurns() {
        let line = Box(limit: 100)
        for id in 1...50 as ClosedRange<UInt64> { _ = line.join(id, model: model, peers: [a], turn: Turn(client: 1)) }
        #expect(line.join(51, model: model, peers: [a], turn: Turn(client: 2)) == 2)
        #expect(!line.value.holds(other, before: Turn(client: 3), now: now))
        #expect(line.value.holds(model, before: Turn(client: 1), now: now))
        #expect(!line.value.holds(model, before: Turn(client: 3, priority: .interactive), now: now), "it comes before all")
        let urgent = Turn(client: 1, priority: .interactive)
        #expect(line.join(52, model: model, peers: [a], turn: urgent) == 1)
        _ = line.leave(52)
        _ = line.leave(1)
        #expect(line.position(of: 51) == 1 && line.position(of: 2) == 2)
    }

    @Test func theLineIsBounded() {
        let line = Box(limit: 2)
        #expect(line.join(1, model: model, peers: []) == 1)
        #expect(line.join(2, model: model, peers: []) == 2)
        #expect(line.join(3, model: model, peers: []) == nil)
        #expect(line.join(2, model: model, peers: []) == 2)
        // Another client's first, and one more.
        #expect(line.join(4, model: model, peers: [], turn: Turn(client: 4)) == 2)
        #expect(line.join(5, model: model, peers: [], turn: Turn(client: 4)) == nil)
        #expect(line.join(6, model: model, peers: [], turn: Turn(client: 6)) == 3)
        #expect(line.join(7, model: model, peers: [], turn: Turn(client: 7)) == nil, "that much is enough")
    }

    @Test func standingsAreInTheOrderOfTurns() {
        let line = Box(limit: 10)
        _ = line.join(1, model: model, peers: [a], turn: Turn(client: 1, priority: .batch))
        _ = line.join(2, model: other, peers: [a, b], turn: Turn(client: 1))
        _ = line.join(3, model: model, peers: [b], turn: Turn(client: 2))
        _ = line.join(4, model: model, peers: [b], turn: Turn(client: 2))
        let all = line.value.standings(now: now + .seconds(1))
        #expect(all.map(\.id) == [3, 4, 1, 2])
        #expect(all.map(\.position) == [1, 2, 3, 1])
        #expect(all.map(\.turn.priority) == [.normal, .normal, .batch, .normal])
        #expect(all[0].since == now && all[0].peers == [b])
        for standing in all { #expect(line.value.position(of: standing.id, now: now + .seconds(1)) == standing.position) }
    }
}

@Suite struct WaitEstimateTests {
    private func wait(_ position: Int, _ machines: [WaitEstimate.Machine]) -> Double? {
        WaitEstimate.milliseconds(position: position, machines: machines)
    }

    @Test func itIsThePlaceThroughTheRate() {
        // Two slots of 1 s each: two requests a second.
        let two = [WaitEstimate.Machine(slots: 2, serviceMilliseconds: 1_000, queued: 0)]
        #expect(wait(1, two) == 500)
        #expect(wait(6, two) == 3_000)
        // What waits at the machine goes first.
        #expect(wait(1, [.init(slots: 1, serviceMilliseconds: 1_000, queued: 2)]) == 3_000)
        // A slow machine adds what it can, one without a measurement counts as the others do.
        #expect(
            wait(
                3,
                [.init(slots: 1, serviceMilliseconds: 1_000, queued: 0), .init(slots: 1, serviceMilliseconds: 2_000, queued: 0)])
                == 2_000)
        #expect(
            wait(
                2, [.init(slots: 1, serviceMilliseconds: 1_000, queued: 0), .init(slots: 1, serviceMilliseconds: nil, queued: 0)])
                == 1_000)
    }

    @Test func nothingMeasuredIsNothingSaid() {
        #expect(wait(1, []) == nil)
        #expect(wait(1, [.init(slots: 4, serviceMilliseconds: nil, queued: 0)]) == nil)
        #expect(wait(1, [.init(slots: 0, serviceMilliseconds: 100, queued: 0)]) == nil)
        #expect(wait(1, [.init(slots: 1, serviceMilliseconds: .nan, queued: 0)]) == nil)
        #expect(wait(.max / 2, [.init(slots: 1, serviceMilliseconds: 1e12, queued: 0)]) == 86_400_000)
        #expect(wait(-3, [.init(slots: 1, serviceMilliseconds: 1_000, queued: -1)]) == 0)
    }
}

@Suite struct ServiceTimesTests {
    @Test func thePercentileIsOfTheLastSixteen() {
        var times = ServiceTimes()
        #expect(times.p75 == nil)
        for value in 1...100 { times.add(milliseconds: Double(value)) }
        // 85…100: the twelfth of sixteen.
        #expect(times.p75 == 96 && times.count == 100)
        var few = ServiceTimes()
        few.add(milliseconds: 5)
        few.add(milliseconds: .infinity)
        few.add(milliseconds: -1)
        #expect(few.p75 == 5 && few.count == 1)
    }
}

/// A line that expectations can change; one client at one moment where nothing else is said.
private final class Box {
    var value: WaitLine
    init(limit: Int) { value = WaitLine(limit: limit) }

    func join(_ id: UInt64, model: ModelKey, peers: [PeerID], turn: Turn = Turn()) -> Int? {
        value.join(id, model: model, peers: peers, turn: turn, now: now)
    }
    func leave(_ id: UInt64) -> UInt64? { value.leave(id, now: now) }
    func mayTry(_ id: UInt64) -> Bool { value.mayTry(id, now: now) }
    func position(of id: UInt64) -> Int? { value.position(of: id, now: now) }
    func missedCall(_ id: UInt64) -> UInt64? { value.missedCall(id) }
    func holds(_ model: ModelKey) -> Bool { value.holds(model, before: Turn(), now: now) }
    func wakeFirst(of model: ModelKey) -> UInt64? { value.wakeFirst(of: model, now: now) }
    func wakeFirst(for peer: PeerID) -> UInt64? { value.wakeFirst(for: peer, now: now) }
}
