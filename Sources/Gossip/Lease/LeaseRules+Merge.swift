/// Announcements, and what happens when two routers meet (§7.9).
extension LeaseRules {
    /// An announcement older than this says nothing about now.
    private static let freshness = Duration.seconds(12)

    /// Announces the own lease as it is now.
    mutating func announce() {
        guard let held = lease, let record = nextRecord(domainSize: domainSize(held)) else { return }
        lease?.announced = record
        lease?.announcedAt = now
        actions.append(.announce(record))
    }

    /// The majority is lost: a router of nobody. Without it the last announcement would go on being told by who heard it late, and
    /// depose a router that it knows nothing of.
    mutating func withdraw() {
        guard var record = nextRecord(domainSize: 0) else { return }
        record.mode = .degraded
        actions.append(.announce(record))
    }

    private mutating func nextRecord(domainSize: Int) -> LeaseRecord? {
        guard let held = lease, let since = held.electedAt else { return nil }
        lease?.counter += 1
        return LeaseRecord(
            router: selfID, epoch: held.epoch, lengthMilliseconds: UInt16(clamping: held.length.wholeMilliseconds),
            mode: mode(now: now), priorityClass: candidacy.priorityClass, domainSize: UInt16(clamping: domainSize),
            heldSeconds: UInt32(clamping: (now - since).wholeMilliseconds / 1_000), counter: held.counter + 1,
            settings: settings, rosterHash: roster.hash)
    }

    /// On a change of what the lease covers, and every 5 s.
    mutating func announceIfChanged() {
        guard let held = lease, held.electedAt != nil, !held.lapsed else { return }
        let old = held.announced
        if old?.mode != mode(now: now) || old.map({ Int($0.domainSize) }) != domainSize(held) || old?.epoch != held.epoch
            || old?.settings != settings || old?.rosterHash != roster.hash || now >= held.announcedAt + .seconds(5)
        {
            announce()
        }
    }

    /// Another holder is near: repeat the announcement, at most twice a second.
    mutating func remindOfLease() {
        guard let held = lease, held.electedAt != nil, now >= held.announcedAt + .milliseconds(500) else { return }
        announce()
    }

    /// Another router's announcement. Old ones, and those of a lease that was given back, say nothing.
    mutating func hear(_ record: LeaseRecord) {
        guard learn(epoch: record.epoch, from: record.router), record.router != selfID else { return }
        if let place = routers.firstIndex(where: { $0.id == record.router }) {
            guard routers[place].isOutdone(by: record) else { return }
            routers.remove(at: place)
        }
        let isWithdrawn = record.domainSize == 0
        remember(
            KnownRouter(
                id: record.router, epoch: record.epoch, counter: record.counter, record: isWithdrawn ? nil : record, heardAt: now)
        )
        considerMerge(with: record.router)
    }

    /// Keeps the latest sixteen.
    private mutating func remember(_ router: KnownRouter) {
        if routers.count >= 16 {
            routers.removeFirst()
        }
        routers.append(router)
    }

    /// The router gave this epoch back: its announcements up to it are void.
    mutating func retire(_ id: PeerID, epoch: UInt64) {
        if let place = routers.firstIndex(where: { $0.id == id }) {
            guard routers[place].epoch <= epoch else { return }
            routers.remove(at: place)
        }
        remember(KnownRouter(id: id, epoch: epoch, counter: .max, record: nil, heardAt: now))
    }

    /// What it announced does not hold now; a new announcement counts again.
    mutating func forgetRecord(of id: PeerID) {
        if let place = routers.firstIndex(where: { $0.id == id }) {
            routers[place].record = nil
        }
    }

    /// Both compare the two records that were exchanged, never the epochs: the loser gives everything back, the winner raises its
    /// epoch above both and asks everybody.
    mutating func considerMerge(with id: PeerID) {
        guard let held = lease, let mine = held.announced, let place = routers.firstIndex(where: { $0.id == id }),
            let theirs = routers[place].record, now < routers[place].heardAt + Self.freshness,
            let other = index(of: id), !electors[other].suspect
        else { return }
        #if MUTANTS
        let isLoser = configuration.mutant == .mergeByEpoch ? theirs.epoch > mine.epoch : theirs.outranks(mine)
        #else
        let isLoser = theirs.outranks(mine)
        #endif
        if isLoser {
            routers[place].record = nil
            dropLease(.merged)
            // Leave the winner the time to ask.
            reservation = Until(id: id, end: now + configuration.handOverReservation)
        } else {
            if held.epoch <= theirs.epoch {
                wantTerm()
            }
            remindOfLease()
        }
    }
}
