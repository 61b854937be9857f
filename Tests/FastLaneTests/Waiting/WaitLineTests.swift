import Gossip
import NIOCore
import NIOEmbedded
import Routing
import Testing

@testable import FastLane

@Suite struct WaitLineTests {
    private let wake = Wake(loop: NIOAsyncTestingEventLoop()) {}
    private let a = PeerID(short: 1, low: 1)
    private let b = PeerID(short: 2, low: 2)
    private let model = ModelKey(name: "tiny")
    private let other = ModelKey(name: "big")

    @Test func firstComeFirstServedPerModel() {
        let line = Box(WaitLine(limit: 10))
        #expect(line.join(1, model: model, peers: [a], wake: wake) == 1)
        #expect(line.join(2, model: model, peers: [a, b], wake: wake) == 2)
        #expect(line.join(3, model: other, peers: [b], wake: wake) == 1)
        #expect(line.mayTry(1) && !line.mayTry(2) && line.mayTry(3))
        // A round that found all busy again keeps the place.
        #expect(line.join(1, model: model, peers: [a], wake: wake) == 1)
        #expect(line.count == 3)
        #expect(line.leave(1) != nil)
        #expect(line.position(of: 2) == 1)
        #expect(line.leave(1) == nil)
    }

    @Test func wakesGoToTheFirstThatCanUseThem() {
        let line = Box(WaitLine(limit: 10))
        _ = line.join(1, model: model, peers: [a], wake: wake)
        _ = line.join(2, model: model, peers: [a, b], wake: wake)
        #expect(line.wakeFirst(for: b) != nil)
        // The second tries already: called again, it is not passed over and tries once more.
        #expect(line.wakeFirst(for: b) == nil)
        _ = line.join(2, model: model, peers: [a, b], wake: wake)
        #expect(line.missedCall(2) != nil)
        _ = line.join(2, model: model, peers: [a, b], wake: wake)
        #expect(line.missedCall(2) == nil)
        #expect(line.wakeFirst(for: a) != nil)
        #expect(line.wakeFirst(of: model) == nil)
        #expect(line.holds(model) && !line.holds(other))
    }

    @Test func clientsTakeTurns() {
        let line = Box(WaitLine(limit: 100))
        let now = Instant.zero + .seconds(100)
        for id in 1...50 as ClosedRange<UInt64> {
            _ = line.value.join(id, model: model, peers: [a], turn: Turn(client: 1), now: now, wake: wake)
        }
        #expect(line.value.join(51, model: model, peers: [a], turn: Turn(client: 2), now: now, wake: wake) == 2)
        #expect(!line.value.holds(other, before: Turn(client: 3), now: now))
        #expect(line.value.holds(model, before: Turn(client: 1), now: now))
        #expect(!line.value.holds(model, before: Turn(client: 3, priority: .interactive), now: now), "it comes before all")
        let urgent = Turn(client: 1, priority: .interactive)
        #expect(line.value.join(52, model: model, peers: [a], turn: urgent, now: now, wake: wake) == 1)
        _ = line.leave(52)
        _ = line.leave(1)
        #expect(line.position(of: 51) == 1 && line.position(of: 2) == 2)
    }

    @Test func theLineIsBounded() {
        let line = Box(WaitLine(limit: 2))
        #expect(line.join(1, model: model, peers: [], wake: wake) == 1)
        #expect(line.join(2, model: model, peers: [], wake: wake) == 2)
        #expect(line.join(3, model: model, peers: [], wake: wake) == nil)
        #expect(line.join(2, model: model, peers: [], wake: wake) == 2)
    }
}

/// One client at one moment.
extension WaitLine {
    fileprivate static let now = Instant.zero + .seconds(100)

    fileprivate mutating func join(_ id: UInt64, model: ModelKey, peers: [PeerID], wake: Wake) -> Int? {
        join(id, model: model, peers: peers, turn: Turn(), now: Self.now, wake: wake)
    }
    fileprivate mutating func leave(_ id: UInt64) -> Wake? { leave(id, now: Self.now) }
    fileprivate func position(of id: UInt64) -> Int? { position(of: id, now: Self.now) }
    fileprivate mutating func mayTry(_ id: UInt64) -> Bool { mayTry(id, now: Self.now) }
    fileprivate func holds(_ model: ModelKey) -> Bool { holds(model, before: Turn(), now: Self.now) }
    fileprivate mutating func wakeFirst(of model: ModelKey) -> Wake? { wakeFirst(of: model, now: Self.now) }
    fileprivate mutating func wakeFirst(for peer: PeerID) -> Wake? { wakeFirst(for: peer, now: Self.now) }
}

@Suite struct SeenAttemptsTests {
    @Test func remembersForTenMinutesAndStaysBounded() {
        let seen = Box(SeenAttempts())
        let start = Instant(nanoseconds: 1_000)
        #expect(seen.insert("a", attempt: 1, now: start))
        #expect(!seen.insert("a", attempt: 1, now: start))
        #expect(seen.insert("a", attempt: 2, now: start))
        #expect(!seen.insert("a", attempt: 1, now: start + .seconds(599)))
        #expect(!seen.insert("a", attempt: 1, now: start + .seconds(601)))
        #expect(seen.insert("a", attempt: 1, now: start + .seconds(3_000)))
        for number in 0..<100_000 { _ = seen.insert("r\(number)", attempt: 1, now: start + .seconds(3_001)) }
        #expect(!seen.insert("r99999", attempt: 1, now: start + .seconds(3_002)))
    }
}

/// A value that expectations can change.
private final class Box<Value> {
    fileprivate var value: Value
    init(_ value: Value) { self.value = value }
}

extension Box<WaitLine> {
    var count: Int { value.count }
    func join(_ id: UInt64, model: ModelKey, peers: [PeerID], wake: Wake) -> Int? {
        value.join(id, model: model, peers: peers, wake: wake)
    }
    func leave(_ id: UInt64) -> Wake? { value.leave(id) }
    func mayTry(_ id: UInt64) -> Bool { value.mayTry(id) }
    func position(of id: UInt64) -> Int? { value.position(of: id) }
    func missedCall(_ id: UInt64) -> Wake? { value.missedCall(id) }
    func holds(_ model: ModelKey) -> Bool { value.holds(model) }
    func wakeFirst(of model: ModelKey) -> Wake? { value.wakeFirst(of: model) }
    func wakeFirst(for peer: PeerID) -> Wake? { value.wakeFirst(for: peer) }
}

extension Box<SeenAttempts> {
    func insert(_ request: String, attempt: Int, now: Instant) -> Bool { value.insert(request, attempt: attempt, now: now) }
}
