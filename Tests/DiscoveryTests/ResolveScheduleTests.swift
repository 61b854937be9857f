import Testing

@testable import Discovery

@Suite struct ResolveScheduleTests {
    private let start = ContinuousClock.now
    private func key(_ number: Int) -> ServiceKey {
        ServiceKey(interface: 2, ipProtocol: 0, name: "n\(number)", type: ServiceType.peer, domain: "local")
    }

    @Test func resolvesAtOnceThenEveryFiveMinutes() {
        var schedule = ResolveSchedule()
        #expect(schedule.nextDue == nil)
        schedule.seen(key(1), now: start)
        #expect(schedule.nextDue == start)
        #expect(schedule.takeDue(now: start).map(\.key) == [key(1)])
        #expect(schedule.takeDue(now: start).isEmpty, "one at a time per instance")
        schedule.finished(key(1), answered: true, now: start)
        #expect(schedule.nextDue == start + .seconds(300))
        #expect(schedule.takeDue(now: start + .seconds(299)).isEmpty)
        #expect(schedule.takeDue(now: start + .seconds(300)).count == 1)
    }

    @Test func retriesEverSlowerUntilAnAnswer() {
        var schedule = ResolveSchedule()
        schedule.seen(key(1), now: start)
        var now = start
        var gaps: [Duration] = []
        for failures in 0..<6 {
            #expect(schedule.takeDue(now: now).map(\.failures) == [failures])
            schedule.finished(key(1), answered: false, now: now)
            let next = schedule.nextDue ?? now
            gaps.append(next - now)
            now = next
        }
        #expect(gaps == [.seconds(1), .seconds(5), .seconds(15), .seconds(60), .seconds(300), .seconds(300)])
        _ = schedule.takeDue(now: now)
        schedule.finished(key(1), answered: true, now: now)
        #expect(schedule.takeDue(now: now + .seconds(300)).map(\.failures) == [0])
    }

    @Test func anEventDuringAResolveAsksOnceMore() {
        var schedule = ResolveSchedule()
        schedule.seen(key(1), now: start)
        _ = schedule.takeDue(now: start)
        schedule.seen(key(1), now: start + .seconds(1))
        schedule.finished(key(1), answered: true, now: start + .seconds(2))
        #expect(schedule.nextDue == start + .seconds(2))
    }

    @Test func limitsWhatIsUnderWayAndWhatIsKnown() {
        var schedule = ResolveSchedule()
        for number in 0..<2000 { schedule.seen(key(number), now: start) }
        let first = schedule.takeDue(now: start)
        #expect(first.count == ResolveSchedule.maximumInFlight)
        #expect(schedule.nextDue == nil, "no room: an end of a resolve wakes the schedule")
        schedule.finished(key(0), answered: true, now: start)
        #expect(schedule.takeDue(now: start).count == 1)
        var asked = Set(first.map(\.key.name))
        for (key, _) in first { schedule.finished(key, answered: true, now: start) }
        while case let more = schedule.takeDue(now: start), !more.isEmpty {
            for (key, _) in more {
                asked.insert(key.name)
                schedule.finished(key, answered: true, now: start)
            }
        }
        #expect(asked.count <= SightingBook.maximumServices)
        #expect(asked.count > 400)
    }

    @Test func whatWentAwayIsNotResolved() {
        var schedule = ResolveSchedule()
        schedule.seen(key(1), now: start)
        schedule.removed(key(1))
        #expect(schedule.takeDue(now: start).isEmpty)
        schedule.finished(key(1), answered: true, now: start)
        #expect(schedule.nextDue == nil)
    }
}
