public import Gossip
import OrderedCollections

/// Gives requests their places so that clients take turns: one that sends two hundred at once does not stand before one that sends
/// its first.
///
/// Start-time fair queueing with requests of equal size (Goyal, Vin, Cheng, "Start-time Fair Queueing", SIGCOMM 1996): each
/// client's requests are numbered on its own, beginning where the line is served at the moment. Of one client they keep their
/// order.
public struct FairShare: Sendable {
    /// Clients whose share is remembered; beyond it those that are not ahead are forgotten.
    static let clientLimit = 1024

    /// The start tag of the request that was served last.
    private var served: UInt64 = 0
    private var arrivals: UInt64 = 0
    /// The start tag of each client's next request.
    private var next = OrderedDictionary<UInt64, UInt64>()

    /// Nobody has been served.
    public init() {}

    /// How many clients are remembered.
    var clientCount: Int { next.count }

    /// The place of a request that comes now.
    public mutating func place(_ turn: Turn, now: Instant) -> FairPlace {
        if next.count >= Self.clientLimit {
            next.removeAll { $0.value <= served }
            // All of them are ahead: who comes now counts as new.
            if next.count >= Self.clientLimit { next.removeAll() }
        }
        let place = peek(turn, now: now)
        next[turn.client] = place.start + 1
        arrivals += 1
        return place
    }

    /// The place that `place` would give, without giving it.
    public func peek(_ turn: Turn, now: Instant) -> FairPlace {
        FairPlace(turn: turn, start: max(served, next[turn.client] ?? 0), number: arrivals + 1, since: now - turn.waited)
    }

    /// Of two who wait the one who comes first.
    public func precedes(_ one: FairPlace, _ other: FairPlace, now: Instant) -> Bool {
        one.precedes(other, served: served, now: now)
    }

    /// Who had this place was served or has gone.
    public mutating func left(_ place: FairPlace) { served = max(served, place.start) }
}
