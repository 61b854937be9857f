import Gossip

/// What the peers believe of each other, followed by their notes: suspicions, deaths, and the one crash under observation.
struct Watch: Sendable {
    /// Times at which somebody who lives was first suspected, by whomever.
    var suspicions = 0
    /// Times at which somebody who lives was first declared dead, by whomever.
    var falseDeaths = 0
    /// The same by observer: how far false deaths spread.
    var falseDeathViews = 0
    /// The crashed peer under observation.
    var victim: Int?
    /// Who knows of its crash so far.
    var knowing = 0
    /// When the first and the last one knew.
    var firstKnown: Int64?
    var lastKnown: Int64?
    /// Pairs of peers of which the first takes the second for alive or suspect.
    var acquaintances = 0

    private var suspectedBy: [Int]
    private var buriedBy: [Int]
    private var isUp: [Bool]

    /// A watch over `count` peers.
    init(_ count: Int) {
        suspectedBy = Array(repeating: 0, count: count)
        buriedBy = suspectedBy
        isUp = Array(repeating: true, count: count)
    }

    /// `place` crashes now and is observed.
    mutating func crash(_ place: Int) {
        isUp[place] = false
        victim = place
        knowing = 0
        firstKnown = nil
        lastKnown = nil
    }

    /// Somebody's belief of the peer at `place` changed.
    mutating func note(_ place: Int, from before: MemberStatus?, to after: MemberStatus, at tick: Int64) {
        acquaintances += (after.isActive ? 1 : 0) - ((before?.isActive ?? false) ? 1 : 0)
        guard isUp[place] else {
            guard place == victim, after == .unreachable else { return }
            knowing += 1
            firstKnown = firstKnown ?? tick
            lastKnown = tick
            return
        }
        if before == .suspect { suspectedBy[place] -= 1 }
        if before == .unreachable { buriedBy[place] -= 1 }
        if after == .suspect {
            suspectedBy[place] += 1
            if suspectedBy[place] == 1, buriedBy[place] == 0 { suspicions += 1 }
        }
        if after == .unreachable {
            buriedBy[place] += 1
            falseDeathViews += 1
            if buriedBy[place] == 1 { falseDeaths += 1 }
        }
    }

    /// Counts events anew.
    mutating func reset() {
        suspicions = 0
        falseDeaths = 0
        falseDeathViews = 0
    }
}

extension MemberStatus {
    fileprivate var isActive: Bool { self == .alive || self == .suspect }
}
