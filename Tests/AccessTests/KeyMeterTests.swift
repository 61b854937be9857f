import Testing

@testable import Access

@Suite struct KeyMeterTests {
    @Test func withoutLimitsNothingIsFull() {
        var meter = KeyMeter()
        for number in 0..<1_000 { #expect(meter.admit(KeyLimits(), at: .at(Double(number))) == nil) }
        #expect(meter.running == 1_000 && meter.admitted == 1_000)
    }

    @Test func placesComeBack() {
        var meter = KeyMeter()
        let limits = KeyLimits(concurrency: 2)
        #expect(meter.admit(limits, at: .at(0)) == nil && meter.admit(limits, at: .at(0)) == nil)
        #expect(meter.admit(limits, at: .at(0)) == .concurrency)
        #expect(meter.running == 2)
        meter.finished()
        #expect(meter.admit(limits, at: .at(0)) == nil)
        for _ in 0..<5 { meter.finished() }
        #expect(meter.running == 0)
    }

    @Test func aMinutesRequestsMayComeAtOnceAndComeBackEvenly() {
        var meter = KeyMeter()
        let limits = KeyLimits(requestsPerMinute: 6)
        for _ in 0..<6 { #expect(meter.admit(limits, at: .at(0)) == nil) }
        #expect(meter.admit(limits, at: .at(0)) == .rate(retryAfterSeconds: 10))
        #expect(meter.admit(limits, at: .at(4)) == .rate(retryAfterSeconds: 6))
        #expect(meter.admit(limits, at: .at(9.9)) == .rate(retryAfterSeconds: 1))
        #expect(meter.admit(limits, at: .at(10)) == nil)
        #expect(meter.admit(limits, at: .at(10)) == .rate(retryAfterSeconds: 10))
        // Never more than a minute's worth, however long nothing came.
        for _ in 0..<6 { #expect(meter.admit(limits, at: .at(100_000)) == nil) }
        #expect(meter.admit(limits, at: .at(100_000)) == .rate(retryAfterSeconds: 10))
    }

    @Test func whoComesExactlyWhenToldIsLetIn() {
        for perMinute in [1, 7, 13, 60, 61, 999] {
            var meter = KeyMeter()
            let limits = KeyLimits(requestsPerMinute: perMinute)
            var now = 0.0
            for _ in 0..<(3 * perMinute) {
                if case .rate(let seconds) = meter.admit(limits, at: .at(now)) {
                    now += Double(seconds)
                    #expect(meter.admit(limits, at: .at(now)) == nil, "\(perMinute) a minute after \(seconds) s")
                }
            }
        }
    }

    @Test func overAnyHourNoMoreThanTheRatePasses() {
        var meter = KeyMeter()
        var random = Counting(state: 3)
        let limits = KeyLimits(requestsPerMinute: 10)
        var passed = 0
        var now = 0.0
        while now < 3_600 {
            if meter.admit(limits, at: .at(now)) == nil { passed += 1 }
            now += Double.random(in: 0...3, using: &random)
        }
        #expect(passed <= 610 && passed >= 590, "\(passed)")
    }

    @Test func aDaysTokensEndAtMidnight() {
        var meter = KeyMeter()
        let limits = KeyLimits(tokensPerDay: 100)
        #expect(meter.admit(limits, at: .at(0)) == nil)
        meter.charge(99, at: .at(1))
        #expect(meter.admit(limits, at: .at(2)) == nil)
        meter.charge(50, at: .at(3))
        #expect(meter.tokensToday(at: .at(3)) == 149)
        #expect(meter.admit(limits, at: .at(3)) == .tokens(retryAfterSeconds: 86_400 - 1_003))
        #expect(meter.admit(limits, at: .at(0, day: 20_001)) == nil)
        #expect(meter.tokensToday(at: .at(0, day: 20_001)) == 0)
        // A request that began yesterday counts for the day on which it ended.
        meter.charge(100, at: .at(0, day: 20_001))
        #expect(meter.admit(limits, at: .at(1, day: 20_001)) != nil)
        // A clock that was in the future keeps nobody out for years.
        #expect(meter.admit(limits, at: .at(1, day: 19_000)) == nil)
    }

    @Test func aRefusalCountsForNothing() {
        var meter = KeyMeter()
        let limits = KeyLimits(concurrency: 1, requestsPerMinute: 2, tokensPerDay: 10)
        #expect(meter.admit(limits, at: .at(0)) == nil)
        for _ in 0..<10 { #expect(meter.admit(limits, at: .at(0)) == .concurrency) }
        meter.finished()
        #expect(meter.admit(limits, at: .at(0)) == nil, "the refused ones used up no request of the minute")
        meter.finished()
        meter.charge(.max, at: .at(0))
        meter.charge(.max, at: .at(0))
        #expect(meter.tokensToday(at: .at(0)) == .max)
        meter.charge(-5, at: .at(0))
        #expect(meter.tokensToday(at: .at(0)) == .max)
    }

    @Test func aLimitThatIsLoweredHoldsAtOnce() {
        var meter = KeyMeter()
        #expect(meter.admit(KeyLimits(requestsPerMinute: 1_000), at: .at(0)) == nil)
        let lower = KeyLimits(requestsPerMinute: 2)
        #expect(meter.admit(lower, at: .at(0)) == nil && meter.admit(lower, at: .at(0)) == nil)
        #expect(meter.admit(lower, at: .at(0)) == .rate(retryAfterSeconds: 30))
    }
}
