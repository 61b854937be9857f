import Gossip

/// A place in a line: by urgency, then by the client's share, then by arrival.
public struct FairPlace: Hashable, Sendable {
    /// Whose it is.
    public let turn: Turn
    /// The start tag: how much the client had been served when this request was its next.
    let start: UInt64
    let number: UInt64
    let since: Instant

    /// After this long a request whose client's turn it is counts as one class more urgent, and again after as long: nothing waits
    /// for ever. Those behind it do not age, or an old flood would go before everybody.
    public static let ageing: Duration = .seconds(15)

    /// It comes before `other`, where requests up to the start tag `served` have been served.
    func precedes(_ other: FairPlace, served: UInt64, now: Instant) -> Bool {
        let own = rank(served, now)
        let theirs = other.rank(served, now)
        if own != theirs { return own < theirs }
        return start != other.start ? start < other.start : number < other.number
    }

    /// 0 is the most urgent.
    private func rank(_ served: UInt64, _ now: Instant) -> Int64 {
        let gained = start > served ? 0 : max(0, (now - since).wholeMilliseconds) / Self.ageing.wholeMilliseconds
        return max(0, Int64(turn.priority.rawValue) - gained)
    }
}
