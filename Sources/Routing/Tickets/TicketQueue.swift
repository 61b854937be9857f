public import Gossip
import OrderedCollections

/// The router's queue of requests that found every machine busy: first in, first out, bounded (mesh protocol §8.2.5).
public struct TicketQueue: Sendable {
    /// Machines kept per ticket; a longer list is cut.
    public static let candidateLimit = 256

    private let limit: Int
    /// In the order of arrival.
    private var tickets = OrderedDictionary<UInt64, Ticket>()

    /// An empty queue that holds at most `limit` tickets.
    public init(limit: Int = 512) {
        self.limit = max(0, limit)
    }

    /// Parks a ticket; nil when the queue is full, else its position, counted from 1. The same id again keeps its place and takes
    /// the new candidates and deadline; from another entry peer it is refused.
    public mutating func park(_ ticket: Ticket) -> Int? {
        var ticket = ticket
        if ticket.candidates.count > Self.candidateLimit {
            ticket.candidates = Array(ticket.candidates.prefix(Self.candidateLimit))
        }
        if let place = tickets.index(forKey: ticket.id) {
            guard tickets.values[place].entry == ticket.entry else { return nil }
            tickets.values[place] = ticket
            return place + 1
        }
        guard tickets.count < limit else { return nil }
        tickets[ticket.id] = ticket
        return tickets.count
    }

    /// Takes a ticket out: its client left or its deadline passed.
    public mutating func cancel(_ id: UInt64) {
        tickets.removeValue(forKey: id)
    }

    /// A slot became free at `peer`: the first ticket that names it and has time left, which then leaves the queue.
    public mutating func next(for peer: PeerID, now: Instant) -> Ticket? {
        guard let place = tickets.values.firstIndex(where: { $0.deadline > now && $0.candidates.contains(peer) }) else {
            return nil
        }
        return tickets.remove(at: place).value
    }

    /// Tickets whose deadline has passed, which then leave the queue; in the order of arrival.
    public mutating func expired(now: Instant) -> [Ticket] {
        let late = tickets.values.filter { $0.deadline <= now }
        if !late.isEmpty { tickets.removeAll { $0.value.deadline <= now } }
        return late
    }

    /// A ticket's position, counted from 1; nil when it is not here.
    public func position(of id: UInt64) -> Int? { tickets.index(forKey: id).map { $0 + 1 } }

    /// How many wait.
    public var count: Int { tickets.count }

    /// How long the ticket at `position` (counted from 1) will wait when `slots` requests run at once for `meanRuntime` each; nil
    /// when nothing can run.
    public static func estimatedWait(position: Int, meanRuntime: Duration, slots: Int) -> Duration? {
        guard slots > 0 else { return nil }
        let seconds = max(0, Double(meanRuntime.wholeNanoseconds) / 1e9) * Double(max(0, position)) / Double(slots)
        return .nanoseconds(Int64(min(seconds, 86_400) * 1e9))
    }
}
