/// The roster at the router: when it is quorate, and how it changes the roster one peer at a time.
extension LeaseRules {
    /// What this peer's grants cover now: quorate with more than half of the roster. Every one of them must go by exactly this
    /// roster, as it said in this lease: a peer that knows a newer one counts no more for the old.
    public func mode(now: Instant) -> RouterMode {
        guard let lease else { return .degraded }
        if isHeld(roster) {
            // A peer that is all of its roster has not met the others' yet, as long as it holds any of them.
            let isAlone = roster.isOnly(selfID)
            let hasStrangers = isAlone && electors.contains { $0.validUntil > now && $0.rosterHash != roster.hash }
            return hasStrangers ? .degraded : .quorate
        }
        // Until the change that this router made is known to more than half, it is quorate by the roster before it.
        if let previous = lease.previousRoster, isHeld(previous, or: roster.hash) { return .quorate }
        return .degraded
    }

    /// More than half of `roster` is held and goes by it, or by the roster with the digest `other`.
    func isHeld(_ roster: Roster, or other: UInt64? = nil, in epoch: UInt64? = nil) -> Bool {
        guard let lease else { return false }
        let isOwn = roster.hash == self.roster.hash
        var held = 0
        if isOwn || other == self.roster.hash, writable, roster.contains(selfID), lease.ownUntil > now,
            epoch.map({ grant?.epoch == $0 }) ?? true
        {
            held = 1
        }
        for elector in electors where elector.validUntil > now {
            guard elector.rosterHash == roster.hash || elector.rosterHash == other else { continue }
            guard isOwn ? elector.isOnRoster : roster.contains(elector.id) else { continue }
            if let epoch, elector.grantedEpoch != epoch { continue }
            held += 1
        }
        return 2 * held > roster.peers.count
    }

    /// As router: the next change of the roster, if one is wanted and the last one is known to more than half of it.
    mutating func tendRoster() {
        guard let held = lease, held.electedAt != nil, !held.lapsed, writable, !stopping else { return }
        guard isHeld(roster, in: held.epoch) else { return refound() }
        lease?.previousRoster = nil
        lease?.rosterDeadSince = nil
        guard now >= held.nextRosterChange else { return }
        guard roster.version.epoch <= held.epoch else { return wantTerm() }
        if let change = wantedChange() {
            changeRoster(by: change)
        } else if roster.version.epoch < held.epoch && roster.peers.count > 1 {
            changeRoster(by: .stamp)
        } else {
            dissolveForeign()
        }
    }

    /// Who left or was not seen for a week is taken off, then who does not count; then newcomers come in.
    private func wantedChange() -> RosterChange? {
        if roster.peers.count > 1 {
            if let gone = roster.peers.first(where: {
                $0 != selfID && (left.containsInOrder($0) || aged.containsInOrder($0))
            }) {
                return .remove(gone)
            }
            if candidacy.ephemeral && roster.contains(selfID) { return .remove(selfID) }
            // Who does not count, or says that it goes by another roster.
            if let other = electors.first(where: { $0.isOnRoster && ($0.candidacy.ephemeral || $0.isElsewhere) }) {
                return .remove(other.id)
            }
        }
        if !roster.contains(selfID) && !candidacy.ephemeral { return .admit(selfID) }
        // A newcomer has gone over to this lineage before it is admitted, so that it is in no other.
        let newcomer = electors.first {
            !$0.isOnRoster && !$0.candidacy.ephemeral && !$0.suspect && !$0.silent && $0.rosterHash == roster.hash
                && $0.validUntil > now && $0.grantedEpoch == lease?.epoch && !left.containsInOrder($0.id)
        }
        return newcomer.map { .admit($0.id) }
    }

    /// Makes the next version. The first one of an epoch changes nothing: that it is known to more than half of the roster shows
    /// that no other router's unfinished change can come up any more.
    private mutating func changeRoster(by wanted: RosterChange) {
        guard let held = lease, roster.version.epoch <= held.epoch, roster.version.counter < .max else { return }
        let isFirst = roster.version.epoch < held.epoch
        let change = isFirst ? RosterChange.stamp : wanted
        let version = RosterVersion(epoch: held.epoch, counter: isFirst ? 0 : roster.version.counter + 1)
        guard let next = roster.changed(by: change, version: version) else { return }
        let last = roster
        adopt(next)
        guard roster.hash == next.hash else { return }
        lease?.previousRoster = last
        lease?.rosterStep = .step(base: last.hash, change, version)
        lease?.nextRosterChange = now + max(.milliseconds(100), .milliseconds(Int64(10 * electors.count)))
        for place in electors.indices { offerRoster(place) }
    }

    /// A peer that this router holds says that it leaves: it is taken off while its grant still counts. So the last of two stays
    /// quorate.
    mutating func takeOff(leaver id: PeerID) {
        guard let held = lease, held.electedAt != nil, !held.lapsed, roster.contains(id), roster.version.epoch == held.epoch,
            isHeld(roster, in: held.epoch)
        else { return }
        changeRoster(by: .remove(id))
    }

    /// The router itself leaves: the roster goes on without it. True when it did.
    mutating func takeOffSelf() {
        guard let held = lease, held.electedAt != nil, !held.lapsed, roster.contains(selfID), roster.version.epoch == held.epoch,
            isHeld(roster, in: held.epoch)
        else { return }
        changeRoster(by: .remove(selfID))
    }

    /// More than half is out of reach. When those who were not seen for a week leave a rest of which this router holds more than
    /// half, it founds a new lineage with that rest: each of them agrees only if it has not seen them either. When half has gone
    /// over to other lineages for good, it begins anew alone, and who follows it is admitted.
    mutating func refound() {
        guard let held = lease else { return }
        var rest = roster.peers.filter { $0 == selfID || !aged.containsInOrder($0) }
        if isRosterDead {
            // Somebody's roster with others in it may still turn up; else everybody is free, and this router begins again.
            let since = held.rosterDeadSince ?? now
            lease?.rosterDeadSince = since
            guard now >= since + .seconds(3) else { return }
            rest = [selfID]
        } else {
            lease?.rosterDeadSince = nil
            guard rest.count < roster.peers.count else { return }
            if rest.isEmpty { rest = [selfID] }
        }
        var mine = rest.contains(selfID) && held.ownUntil > now ? 1 : 0
        for elector in electors
        where elector.validUntil > now && elector.rosterHash == roster.hash && rest.containsInOrder(elector.id) { mine += 1 }
        guard 2 * mine > rest.count else { return }
        let lineage = RosterLineage(founder: selfID, epoch: held.epoch)
        // One lineage per epoch: two rosters must never have the same name.
        guard lineage != roster.lineage else { return wantTerm() }
        guard let next = Roster(lineage: lineage, version: RosterVersion(epoch: held.epoch), peers: rest) else { return }
        adopt(next)
        for place in electors.indices { offerRoster(place) }
    }

    /// Two fleets have met: this router holds more than half of the other's roster too, and takes its peers off one by one. Each is
    /// free then, goes over to this lineage, and is admitted.
    private mutating func dissolveForeign() {
        guard let held = lease, let other = foreign, other.lineage != roster.lineage else { return }
        guard other.peers.count > 1 else {
            foreign = nil
            return
        }
        guard other.version.epoch <= held.epoch, other.version.counter < .max, isHeld(other, in: held.epoch) else { return }
        let isFirst = other.version.epoch < held.epoch
        let version = RosterVersion(epoch: held.epoch, counter: isFirst ? 0 : other.version.counter + 1)
        let next =
            isFirst ? other.changed(by: .stamp, version: version) : other.changed(by: .remove(other.peers[0]), version: version)
        guard let next else { return }
        foreignBase = other.hash
        foreign = next
        lease?.nextRosterChange = now + max(.milliseconds(100), .milliseconds(Int64(10 * electors.count)))
        for place in electors.indices { offerRoster(place) }
    }

    /// Tells a peer that follows this router the roster that it does not go by yet; the same again after two seconds.
    mutating func offerRoster(_ place: Int) {
        let elector = electors[place]
        guard let held = lease, elector.grantedEpoch == held.epoch, elector.rosterHash != roster.hash else { return }
        var offer = roster
        let followsForeign = foreign.map { $0.hash != elector.rosterHash && elector.rosterHash == foreignBase } ?? false
        if let foreign, elector.rosterHash != foreign.hash {
            // Who belongs to the other fleet hears of its roster, and in between of this one.
            let isTheirs = elector.isElsewhere && foreign.contains(elector.id) && elector.offered != foreign.hash
            if followsForeign || isTheirs { offer = foreign }
        }
        let isTold = elector.offered == offer.hash || !followsForeign && [roster.hash, foreign?.hash].contains(elector.offered)
        guard !isTold || now >= elector.offeredAt + .seconds(2) else { return }
        let isWholeTold = offer.peers.count <= RosterNews.mostTold
        // A step is small; whoever did not take it gets the whole.
        if offer.hash == roster.hash, case .step(let base, _, _)? = held.rosterStep, base == elector.rosterHash,
            let step = held.rosterStep, !isTold || !isWholeTold
        {
            send(.roster(step), to: elector.id)
        } else if isWholeTold {
            send(.roster(.whole(offer, moves: offer.hash == roster.hash ? durable.rosterMoves : nil)), to: elector.id)
        } else {
            return
        }
        electors[place].offered = offer.hash
        electors[place].offeredAt = now
    }
}
