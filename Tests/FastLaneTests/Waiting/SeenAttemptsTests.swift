import Gossip
import Testing

@testable import FastLane

@Suite struct SeenAttemptsTests {
    @Test func remembersForTenMinutesAndStaysBounded() {
        let seen = Box()
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
private final class Box {
    private var value = SeenAttempts()

    func insert(_ request: String, attempt: Int, now: Instant) -> Bool { value.insert(request, attempt: attempt, now: now) }
}
