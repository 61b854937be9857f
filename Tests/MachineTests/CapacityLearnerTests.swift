import Foundation
import Testing

@testable import Machine

/// Hours of the week at which a machine's owner needs it.
@Suite struct CapacityLearnerTests {
    private static let day = 86_400.0
    private static let start = 1_800_000_000.0

    private func hour(_ time: Double) -> Int { Int(time / 3_600) % 168 }

    /// So many days, a look every minute: at night the machine is idle, at ten in the morning it works.
    private func taught(days: Int, busy: Double = 80) -> CapacityLearner {
        var learner = CapacityLearner()
        for minute in stride(from: 0, to: days * 1_440, by: 10) {
            let now = Self.start + Double(minute) * 60
            let isMorning = hour(now) % 24 == 10
            learner.see(processor: isMorning ? busy : 2, memory: 20, hourOfWeek: hour(now), now: now)
        }
        return learner
    }

    /// The next time at which the clock shows an hour.
    private func next(_ wanted: Int, after days: Int) -> Double {
        var now = Self.start + Double(days) * Self.day
        while hour(now) % 24 != wanted { now += 3_600 }
        return now
    }

    private func verdict(_ learner: CapacityLearner, _ now: Double, processor: Double) -> CapacityLearner.Verdict {
        var learner = learner
        learner.see(processor: processor, memory: 20, hourOfWeek: hour(now), now: now)
        return learner.verdict(hourOfWeek: hour(now), now: now)
    }

    @Test func itSaysNothingForAWeek() {
        let fresh = CapacityLearner().verdict(hourOfWeek: 5, now: Self.start)
        #expect(fresh.score == nil && fresh.confidence == 0 && fresh.daysObserved == 0)
        let early = verdict(taught(days: 6), next(10, after: 6) - Self.day, processor: 2)
        #expect(early.score == nil && early.reason == "bootstrap_observation_period")
        #expect(verdict(taught(days: 8), next(3, after: 8), processor: 2).score != nil)
    }

    @Test func anHourThatWasBusyCountsAgainstIt() throws {
        let learner = taught(days: 21)
        let (three, ten) = (next(3, after: 21), next(10, after: 21))
        let night = learner.verdict(hourOfWeek: hour(three), now: three)
        let morning = learner.verdict(hourOfWeek: hour(ten), now: ten)
        let free = try #require(night.score)
        let used = try #require(morning.score)
        #expect(free > 0.85 && night.reason == "high_availability")
        // 0.4 of the weight is history: 80 % of use cost 0.32 of it, less the 0.008 of the nights.
        #expect(abs(free - used - 0.312) < 0.001)
        #expect(night.confidence > 0.8 && night.confidence < 0.85)
    }

    @Test func whatHappensNowCounts() throws {
        let learner = taught(days: 10)
        let now = next(3, after: 10)
        let idle = try #require(verdict(learner, now, processor: 0).score)
        let busy = try #require(verdict(learner, now, processor: 100).score)
        // 0.28 for what happens now, and something for the hour, of which this is a part.
        #expect(idle - busy > 0.28 && idle - busy < 0.4)
    }

    @Test func aMachineThatGetsBusierHasLessToGive() throws {
        var rising = taught(days: 10)
        var level = rising
        let now = next(3, after: 10)
        for second in stride(from: 0.0, through: 100, by: 10) {
            rising.see(processor: second < 50 ? 0 : 50, memory: 20, hourOfWeek: hour(now), now: now + second)
            level.see(processor: 50, memory: 20, hourOfWeek: hour(now), now: now + second)
        }
        let one = try #require(rising.verdict(hourOfWeek: hour(now), now: now + 100).score)
        let other = try #require(level.verdict(hourOfWeek: hour(now), now: now + 100).score)
        #expect(other - one > 0.05)
    }

    @Test func twoMinutesOfWorkTakeTheMachineAway() {
        var learner = CapacityLearner()
        for second in stride(from: 0.0, through: 119, by: 1) {
            learner.see(processor: 86, memory: 20, hourOfWeek: 0, now: Self.start + second)
        }
        #expect(learner.verdict(hourOfWeek: 0, now: Self.start + 119).score == nil)
        learner.see(processor: 86, memory: 20, hourOfWeek: 0, now: Self.start + 120)
        let paused = learner.verdict(hourOfWeek: 0, now: Self.start + 120)
        #expect(paused.score == 0.1 && paused.reason == "sustained_high_cpu")
        // The fleet's own work is nobody's.
        var working = learner
        working.lookAway()
        #expect(working.verdict(hourOfWeek: 0, now: Self.start + 121).score == nil)
        learner.see(processor: 85, memory: 20, hourOfWeek: 0, now: Self.start + 122)
        #expect(learner.verdict(hourOfWeek: 0, now: Self.start + 122).score == nil)
    }

    @Test func oldHoursFadeAndGo() throws {
        var learner = taught(days: 14)
        let before = try #require(verdict(learner, next(10, after: 14), processor: 2).score)
        // The owner's habits change.
        for minute in stride(from: 14 * 1_440, to: 60 * 1_440, by: 10) {
            let now = Self.start + Double(minute) * 60
            learner.see(processor: 2, memory: 20, hourOfWeek: hour(now), now: now)
        }
        let after = try #require(verdict(learner, next(10, after: 60), processor: 2).score)
        #expect(after - before > 0.25)
        #expect(learner.hours.count == 168 && learner.hours.values.allSatisfy { $0.count <= 8 }, "it does not grow")
    }

    @Test func nonsenseChangesNothing() {
        var learner = taught(days: 8)
        let before = learner
        for (processor, hour, now) in [(Double.nan, 3, Self.start), (5, 168, Self.start), (5, -1, Self.start), (5, 3, .infinity)]
        {
            learner.see(processor: processor, memory: 20, hourOfWeek: hour, now: now)
        }
        #expect(learner == before)
        learner.see(processor: 5, memory: 20, hourOfWeek: 3, now: Self.start - 1)
        #expect(learner.began == Self.start - 1, "a clock that was put back: it begins anew")
    }

    @Test func whatItKnowsIsReadBack() throws {
        let learner = taught(days: 9)
        let back = try JSONDecoder().decode(CapacityLearner.self, from: JSONEncoder().encode(learner))
        #expect(back.hours == learner.hours && back.began == learner.began)
    }
}
