import Gossip
import Simulator
import Testing

/// Forged histories: the checker must name what is wrong with each, and nothing in a right one.
@Suite("History checker")
struct CheckerTests {
    private let a = PeerID(short: 1, low: 0)
    private let b = PeerID(short: 2, low: 0)

    private func at(_ seconds: Int64) -> Instant { .zero + .seconds(seconds) }

    private func rules(_ history: (inout Checker) -> Void) -> [Violation.Rule] {
        var checker = Checker(peers: 2)
        history(&checker)
        return checker.violations.map(\.rule)
    }

    @Test("A right history")
    func right() {
        #expect(
            rules {
                $0.persisted(DurableLease(maxEpoch: 1), by: 0)
                $0.note(.granted(to: a, epoch: 1, until: at(2)), by: 0, now: at(0))
                $0.note(.renewed(to: a, epoch: 1, until: at(3)), by: 0, now: at(1))
                $0.obeys((a, 1), peer: 0, now: at(2))
                $0.admitted(epoch: 1, router: a, at: 0)
                $0.note(.ended(of: a, epoch: 1), by: 0, now: at(3))
                $0.obeys(nil, peer: 0, now: at(3))
                $0.ended(0)
                $0.persisted(DurableLease(maxEpoch: 2), by: 0)
                $0.note(.granted(to: b, epoch: 2, until: at(6)), by: 0, now: at(4))
                $0.admitted(epoch: 2, router: b, at: 0)
            } == [])
    }

    @Test("Two routers at one target")
    func overlap() {
        #expect(
            rules {
                $0.persisted(DurableLease(maxEpoch: 2), by: 0)
                $0.note(.granted(to: a, epoch: 1, until: at(2)), by: 0, now: at(0))
                $0.note(.granted(to: b, epoch: 2, until: at(3)), by: 0, now: at(1))
            } == [.exclusiveTarget])
        #expect(
            rules {
                $0.admitted(epoch: 3, router: a, at: 1)
                $0.admitted(epoch: 3, router: b, at: 1)
            } == [.exclusiveTarget])
    }

    @Test("A falling epoch, over a restart too")
    func falling() {
        #expect(
            rules {
                $0.persisted(DurableLease(maxEpoch: 5), by: 0)
                $0.note(.granted(to: a, epoch: 5, until: at(2)), by: 0, now: at(0))
                $0.ended(0)
                $0.note(.granted(to: a, epoch: 4, until: at(9)), by: 0, now: at(8))
            } == [.fence])
        #expect(
            rules {
                $0.admitted(epoch: 5, router: a, at: 1)
                $0.ended(1)
                $0.admitted(epoch: 4, router: b, at: 1)
            } == [.fence])
    }

    @Test("A grant before it is on disk")
    func unwritten() {
        #expect(rules { $0.note(.granted(to: a, epoch: 1, until: at(2)), by: 0, now: at(0)) } == [.durable])
        #expect(
            rules {
                $0.persisted(DurableLease(maxEpoch: 2), by: 0)
                $0.persisted(DurableLease(maxEpoch: 1), by: 0)
            } == [.durable])
    }

    @Test("A renewal or an end of what was not granted, and words that differ from the history")
    func invented() {
        #expect(rules { $0.note(.renewed(to: a, epoch: 1, until: at(2)), by: 0, now: at(0)) } == [.exclusiveTarget])
        #expect(rules { $0.note(.ended(of: a, epoch: 1), by: 0, now: at(0)) } == [.exclusiveTarget])
        #expect(rules { $0.obeys((a, 1), peer: 0, now: at(0)) } == [.exclusiveTarget])
    }
}
