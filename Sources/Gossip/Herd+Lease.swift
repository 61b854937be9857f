extension Herd {
    /// Whether a router's command that carries this fence may have an effect here now.
    public func admits(epoch: UInt64, router: PeerID, now: Instant) -> Bool {
        lease.admits(epoch: epoch, router: router, now: now)
    }

    /// This peer is router now.
    public func isRouter(now: Instant) -> Bool { lease.isRouter(now: now) }

    /// Until when this peer, as router, may command `peer`; nil when it may not.
    public func validUntil(_ peer: PeerID, now: Instant) -> Instant? { lease.validUntil(peer, now: now) }

    /// The router that this peer obeys, itself included; nil while there is none.
    public func router(now: Instant) -> RouterView? {
        if lease.isRouter(now: now), let record = lease.announcement(now: now) {
            return RouterView(id: record.router, epoch: record.epoch, mode: record.mode)
        }
        guard let (router, epoch) = lease.obeyed(now: now) else { return nil }
        let announcement = announcements.first { $0.record.router == router && $0.record.epoch == epoch }
        return RouterView(id: router, epoch: epoch, mode: announcement?.record.mode ?? .degraded)
    }

    /// The announcement of the router that this peer is or obeys; nil while there is none.
    public func leaseAnnouncement(now: Instant) -> LeaseRecord? {
        if let record = lease.announcement(now: now) { return record }
        guard let (router, _) = lease.obeyed(now: now) else { return nil }
        return announcements.first { $0.record.router == router }?.record
    }

    /// Gives an event to the lease rules and does what they want.
    mutating func feed(_ event: LeaseEvent, _ now: Instant) {
        for action in lease.handle(event, now: now) {
            switch action {
            case .persist(let durable):
                actions.append(.persist(durable))
            case .send(let message, let id):
                guard let index = members.index(id) else { continue }
                send(.lease(message), to: index)
            case .announce(let record):
                note(record, now)
            case .changed:
                changed.view = true
            case .note(let note):
                actions.append(.note(.lease(note)))
            }
        }
    }

    /// Shows the lease rules the alive and suspect members when they changed.
    mutating func feedViewIfChanged(_ now: Instant) {
        guard changed.leaseView else { return }
        changed.leaseView = false
        var peers: [LeasePeer] = []
        peers.reserveCapacity(members.active.count)
        var left: [PeerID] = []
        // By place: a copy of each member would cost more than the rest.
        for place in members.entries.indices {
            let status = members.entries[place].record.status
            if status == .alive {
                let isSuspect = members.entries[place].suspicion != nil
                let candidacy = members.entries[place].record.candidacy
                peers.append(LeasePeer(id: members.ids[place], suspect: isSuspect, candidacy: candidacy))
            }
            if status == .left { left.append(members.ids[place]) }
        }
        let aged = agedPeers.filter { id in members.index(id).map { !members.entries[$0].isActive } ?? true }
        feed(.view(peers: peers, left: left, aged: aged), now)
    }

    /// Finds the members of the roster of whom there was no word for seven days; every hour, and at the start.
    mutating func findAgedPeers(_ now: Instant) {
        let limit = configuration.rememberFor
        agedPeers = lease.roster.peers.filter { id in
            // Of whom this run knows nothing at all there was no word since it began, at least.
            id != selfRecord.id && now - (members.index(id).map { members.entries[$0].lastSeen } ?? startedAt) > limit
        }
        if !agedPeers.isEmpty { changed.leaseView = true }
    }

    /// A router goes by another roster than this peer, which follows it. Small ones travel with the renewals; a large one is
    /// fetched when that has not helped.
    private mutating func compareRoster(with record: LeaseRecord, _ now: Instant) {
        guard record.rosterHash != lease.roster.hash, lease.obeyed(now: now)?.router == record.router,
            let index = members.index(record.router)
        else {
            rosterDiffersSince = nil
            return
        }
        let since = rosterDiffersSince ?? now
        rosterDiffersSince = since
        guard now - since >= .seconds(3) else { return }
        rosterDiffersSince = now
        wantWholeState(index, at: now + random.duration(below: .milliseconds(Int64(20 * members.size))), now)
    }

    /// Another router's announcement came in.
    mutating func learn(_ record: LeaseRecord, _ now: Instant) {
        guard record.epoch <= lease.highestLearnableEpoch else { return feed(.announced(record), now) }
        guard record.router != selfRecord.id, note(record, now) else { return }
        feedViewIfChanged(now)
        feed(.announced(record), now)
        compareSettings(with: record, now)
        compareRoster(with: record, now)
    }

    /// Keeps and spreads an announcement that is newer than the last of its router. Returns whether it was.
    @discardableResult
    private mutating func note(_ record: LeaseRecord, _ now: Instant) -> Bool {
        let rumour: UInt32
        if let place = announcements.firstIndex(where: { $0.record.router == record.router }) {
            let known = announcements[place].record
            guard (record.epoch, record.counter) > (known.epoch, known.counter) else { return false }
            rumour = rumours.add(.lease(record.router))
            if record.mode != known.mode || record.epoch != known.epoch { changed.view = true }
            announcements.remove(at: place)
        } else {
            rumour = rumours.add(.lease(record.router))
            changed.view = true
        }
        // The latest is last.
        announcements.append(Announcement(record: record, heardAt: now, rumour: rumour))
        if announcements.count > Announcement.most { announcements.removeFirst() }
        return true
    }
}
