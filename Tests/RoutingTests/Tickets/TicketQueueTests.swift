import Gossip
import Routing
import Testing

@Suite struct TicketQueueTests {
    func ticket(_ id: UInt64, entry: UInt64 = 100, for candidates: [UInt64], seconds: Int64 = 30) -> Ticket {
        Ticket(id: id, entry: peer(entry), candidates: candidates.map { peer($0) }, deadline: now + .seconds(seconds))
    }

    @Test func firstInFirstOutPerMachine() {
        var queue = TicketQueue()
        #expect(queue.park(ticket(1, for: [1])) == 1)
        #expect(queue.park(ticket(2, for: [2])) == 2)
        #expect(queue.park(ticket(3, for: [1, 2])) == 3)
        #expect(queue.next(for: peer(2), now: now)?.id == 2)
        #expect(queue.position(of: 3) == 2)
        #expect(queue.next(for: peer(2), now: now)?.id == 3)
        #expect(queue.next(for: peer(2), now: now) == nil)
        #expect(queue.next(for: peer(3), now: now) == nil)
        #expect(queue.count == 1)
    }

    @Test func theQueueIsBounded() {
        var queue = TicketQueue(limit: 2)
        #expect(queue.park(ticket(1, for: [1])) == 1)
        #expect(queue.park(ticket(2, for: [1])) == 2)
        #expect(queue.park(ticket(3, for: [1])) == nil)
        #expect(queue.park(ticket(1, for: [1])) == 1, "a known one is not refused")
        queue.cancel(1)
        #expect(queue.park(ticket(3, for: [1])) == 2)
        var none = TicketQueue(limit: -1)
        #expect(none.park(ticket(1, for: [1])) == nil)
    }

    @Test func parkingAgainKeepsThePlaceAndTakesTheNewFigures() {
        var queue = TicketQueue()
        for id in 1...3 as ClosedRange<UInt64> { _ = queue.park(ticket(id, for: [1])) }
        #expect(queue.park(ticket(2, for: [9], seconds: 60)) == 2)
        #expect(queue.count == 3)
        #expect(queue.next(for: peer(9), now: now + .seconds(45))?.id == 2)
    }

    @Test func anotherPeersTicketIsNotTakenOver() {
        var queue = TicketQueue()
        _ = queue.park(ticket(1, entry: 100, for: [1]))
        #expect(queue.park(ticket(1, entry: 200, for: [2])) == nil)
        #expect(queue.next(for: peer(1), now: now)?.entry == peer(100))
    }

    @Test func cancelTakesOut() {
        var queue = TicketQueue()
        for id in 1...3 as ClosedRange<UInt64> { _ = queue.park(ticket(id, for: [1])) }
        queue.cancel(2)
        queue.cancel(2)
        queue.cancel(77)
        #expect(queue.position(of: 2) == nil)
        #expect(queue.position(of: 3) == 2)
        #expect(queue.next(for: peer(1), now: now)?.id == 1)
        #expect(queue.next(for: peer(1), now: now)?.id == 3)
    }

    @Test func expiredTicketsAreNeverServed() {
        var queue = TicketQueue()
        for (id, seconds) in [(1, 10), (2, 30), (3, 10), (4, 20)] as [(UInt64, Int64)] {
            _ = queue.park(ticket(id, for: [1], seconds: seconds))
        }
        #expect(queue.next(for: peer(1), now: now + .seconds(10))?.id == 2)
        #expect(queue.expired(now: now + .milliseconds(9999)).isEmpty)
        #expect(queue.expired(now: now + .seconds(10)).map { $0.id } == [1, 3])
        #expect(queue.expired(now: now + .seconds(10)).isEmpty)
        #expect(queue.count == 1)
    }

    @Test func longListsOfCandidatesAreCut() {
        var queue = TicketQueue()
        _ = queue.park(ticket(1, for: Array(0..<UInt64(TicketQueue.candidateLimit + 1))))
        #expect(queue.next(for: peer(UInt64(TicketQueue.candidateLimit)), now: now) == nil)
        #expect(queue.next(for: peer(0), now: now)?.id == 1)
    }

    /// Position 3 with two slots of 4 s: 3 · 4 / 2.
    @Test func estimates() {
        #expect(TicketQueue.estimatedWait(position: 3, meanRuntime: .seconds(4), slots: 2) == .seconds(6))
        #expect(TicketQueue.estimatedWait(position: 1, meanRuntime: .seconds(4), slots: 0) == nil)
        #expect(TicketQueue.estimatedWait(position: -1, meanRuntime: .seconds(4), slots: 1) == .zero)
        #expect(TicketQueue.estimatedWait(position: 1, meanRuntime: .seconds(-4), slots: 1) == .zero)
        #expect(TicketQueue.estimatedWait(position: .max, meanRuntime: .seconds(4_000_000_000), slots: 1) == .seconds(86_400))
    }

    /// Random events against a plain array.
    @Test(arguments: 0..<10 as Range<UInt64>)
    func agreesWithAPlainList(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var queue = TicketQueue(limit: 20)
        var list: [Ticket] = []
        var clock = now
        for _ in 0..<1500 {
            clock = clock + generator.duration(below: .seconds(1))
            let id = UInt64.random(in: 0..<40, using: &generator)
            let machine = UInt64.random(in: 0..<4, using: &generator)
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<5:
                let new = Ticket(
                    id: id, entry: peer(id % 3), candidates: [peer(machine)],
                    deadline: clock + generator.duration(below: .seconds(30)))
                var position: Int?
                if let place = list.firstIndex(where: { $0.id == id }) {
                    list[place] = new
                    position = place + 1
                } else if list.count < 20 {
                    list.append(new)
                    position = list.count
                }
                #expect(queue.park(new) == position)
            case 5:
                queue.cancel(id)
                list.removeAll { $0.id == id }
            case 6:
                #expect(queue.expired(now: clock) == list.filter { $0.deadline <= clock })
                list.removeAll { $0.deadline <= clock }
            default:
                let place = list.firstIndex { $0.deadline > clock && $0.candidates.contains(peer(machine)) }
                #expect(queue.next(for: peer(machine), now: clock) == place.map { list.remove(at: $0) })
            }
            #expect(queue.count == list.count)
            #expect(queue.position(of: id) == list.firstIndex { $0.id == id }.map { $0 + 1 })
        }
    }
}
