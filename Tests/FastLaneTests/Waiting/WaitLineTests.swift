@testable import FastLane
import Gossip
import NIOCore
import NIOEmbedded
import Routing
import Testing

@Suite struct WaitLineTests {
    private let wake = Wake(loop: NIOAsyncTestingEventLoop()) {}
    private let a = PeerID(short: 1, low: 1)
    private let b = PeerID(short: 2, low: 2)
    private let model = ModelKey(name: "tiny")
    private let other = ModelKey(name: "big")

    @Test func firstComeFirstServedPerModel() {
        let line = Box(WaitLine(limit: 10))
        #expect(line.value.join(1, model: model, peers: [a], wake: wake) == 1)
        #expect(line.value.join(2, model: model, peers: [a, b], wake: wake) == 2)
        #expect(line.value.join(3, model: other, peers: [b], wake: wake) == 1)
        #expect(line.value.mayTry(1) && !line.value.mayTry(2) && line.value.mayTry(3))
        // A round that found all busy again keeps the place.
        #expect(line.value.join(1, model: model, peers: [a], wake: wake) == 1)
        #expect(line.value.count == 3)
        #expect(line.value.leave(1) != nil)
        #expect(line.value.position(of: 2) == 1)
        #expect(line.value.leave(1) == nil)
    }

    @Test func wakesGoToTheFirstThatCanUseThem() {
        let line = Box(WaitLine(limit: 10))
        _ = line.value.join(1, model: model, peers: [a], wake: wake)
        _ = line.value.join(2, model: model, peers: [a, b], wake: wake)
        #expect(line.value.wakeFirst(for: b) != nil)
        #expect(line.value.wakeFirst(for: b) == nil)
        #expect(line.value.wakeFirst(for: a) != nil)
        #expect(line.value.wakeFirst(for: a) == nil)
        #expect(line.value.wakeFirst(of: model) == nil)
        _ = line.value.join(1, model: model, peers: [a], wake: wake)
        #expect(line.value.wakeFirst(of: model) != nil)
        #expect(line.value.holds(model) && !line.value.holds(other))
    }

    @Test func theLineIsBounded() {
        let line = Box(WaitLine(limit: 2))
        #expect(line.value.join(1, model: model, peers: [], wake: wake) == 1)
        #expect(line.value.join(2, model: model, peers: [], wake: wake) == 2)
        #expect(line.value.join(3, model: model, peers: [], wake: wake) == nil)
        #expect(line.value.join(2, model: model, peers: [], wake: wake) == 2)
    }
}

@Suite struct SeenAttemptsTests {
    @Test func remembersForTenMinutesAndStaysBounded() {
        let seen = Box(SeenAttempts())
        let start = Instant(nanoseconds: 1_000)
        #expect(seen.value.insert("a", attempt: 1, now: start))
        #expect(!seen.value.insert("a", attempt: 1, now: start))
        #expect(seen.value.insert("a", attempt: 2, now: start))
        #expect(!seen.value.insert("a", attempt: 1, now: start + .seconds(599)))
        #expect(!seen.value.insert("a", attempt: 1, now: start + .seconds(601)))
        #expect(seen.value.insert("a", attempt: 1, now: start + .seconds(3_000)))
        for number in 0..<100_000 { _ = seen.value.insert("r\(number)", attempt: 1, now: start + .seconds(3_001)) }
        #expect(!seen.value.insert("r99999", attempt: 1, now: start + .seconds(3_002)))
    }
}

/// A value that expectations can change.
private final class Box<Value> {
    var value: Value
    init(_ value: Value) { self.value = value }
}
