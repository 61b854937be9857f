import Gossip
import Testing

@testable import Mesh

/// When the own service is announced again.
@Suite struct ReannounceTests {
    private func at(_ seconds: Int64) -> Instant { .zero + .seconds(seconds) }

    /// The seconds, after a loss at second 10 and one at 11, at which a schedule announces.
    private func announced(until end: Int64, isAnybodyLost: (Int64) -> Bool) -> [Int64] {
        var schedule = ReannounceSchedule()
        var seconds: [Int64] = []
        for second in 0...end {
            let isLoss = second == 10 || second == 11
            let now = at(second)
            if isLoss ? schedule.lost(now: now) : schedule.tick(now: now, isAnybodyLost: isAnybodyLost(second)) {
                seconds.append(second)
            }
        }
        return seconds
    }

    @Test func whoeverIsLostIsCalledOnceAMinuteForAnHour() {
        let seconds = announced(until: 7_200) { _ in true }
        #expect(seconds == Array(stride(from: 10, through: 3_610, by: 60)))
    }

    @Test func itEndsWhenAllAreInSight() {
        #expect(announced(until: 7_200) { $0 < 100 } == [10, 70])
        #expect(announced(until: 7_200) { $0 == 500 } == [10, 500], "lost again meanwhile")
    }

    @Test func aWakeCountsAsWell() {
        var schedule = ReannounceSchedule()
        let claims = [5, 6, 64, 65].map { schedule.claim(now: at($0)) }
        #expect(claims == [true, false, false, true])
    }
}
