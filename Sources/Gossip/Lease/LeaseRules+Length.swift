/// L: how long a lease is (mesh protocol §7.5; decision 27).
extension LeaseRules {
    /// L as the network demands it, stretched in large fleets so that renewals stay below a thousand a second.
    mutating func leaseLength() -> Duration {
        if adaptedLength > configuration.length, now >= lastWideGap + configuration.quietTime {
            adaptedLength = configuration.length
        }
        return min(max(adaptedLength, sizeLength), .seconds(10))
    }

    private var sizeLength: Duration { .milliseconds(Int64(10 * (electors.count + 1))) }

    /// An answer came in: if it renews the majority, the gap before it is measured.
    ///
    /// `majorityAsOf` is the latest instant such that more than half of the electorate, this peer included, has acknowledged a
    /// round sent then or later; the majority would be lost at `majorityAsOf + L`. The *majority-relevant renewal gap* is the age
    /// that `majorityAsOf` had reached when an answer moved it on: R and a round trip on a sound network, more when renewals or
    /// their answers were lost. A peer that is gone, and so never answers again, makes no gap: a longer lease would not have
    /// helped.
    mutating func measureGap() {
        guard let held = lease else { return }
        var fresh: [Instant] = []
        var size = 1
        for elector in electors where !elector.silent {
            size += 1
            if elector.acknowledged > held.majorityAsOf { fresh.append(elector.acknowledged) }
        }
        // This peer is always as fresh as the freshest other.
        let needed = size / 2
        guard needed > 0, fresh.count >= needed else { return }
        fresh.sort(by: >)
        lease?.majorityAsOf = fresh[needed - 1]
        if held.electedAt != nil { note(gap: now - held.majorityAsOf) }
    }

    private mutating func note(gap: Duration) {
        guard let held = lease, gap > held.length / 2 else { return }
        lastWideGap = now
        adaptedLength = max(adaptedLength, min(configuration.longestLength, gap * 5 / 2))
    }

    /// A new router begins with the length that the one before it needed: the network is the same.
    mutating func inheritLength() {
        guard let last = followed else { return }
        followed = nil
        guard now < last.at + .seconds(60), last.length > max(adaptedLength, sizeLength) else { return }
        adaptedLength = min(configuration.longestLength, last.length)
        lastWideGap = now
    }
}
