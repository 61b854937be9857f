extension Herd {
    /// What a relayed request showed of a peer.
    mutating func weigh(_ evidence: DataPathEvidence, of id: PeerID, _ now: Instant) {
        guard let index = members.index(id) else { return }
        switch evidence {
        case .progress:
            members.entries[index].lastHeard = now
            members.entries[index].lastSeen = now
            members.entries[index].strikes = 0
            members.entries[index].deathRumoured = false
            acknowledgeProbes(of: id, now)
            // Bytes of a peer that was thought to be gone: it is asked at once.
            if members.entries[index].record.status.isRedialled { hurryRedial(index, now) }
        case .refused, .reset:
            probeAtOnce(index, now)
        }
    }

    /// Other evidence than an ack shows that the member lives. Returns whether a probe was waiting for that.
    @discardableResult
    mutating func acknowledgeProbes(of id: PeerID, _ now: Instant) -> Bool {
        var isAwaited = false
        while let place = prober.probes.firstIndex(where: { $0.target == id }) {
            isAwaited = isAwaited || prober.probes[place].step == .conclude
            answered(place, now)
        }
        return isAwaited
    }

    /// The process of a peer has ended for sure.
    mutating func bury(_ id: PeerID, _ now: Instant) {
        feed(.processDied(id), now)
        guard let index = members.index(id), members.entries[index].isActive else { return }
        depart(index, .unreachable, now)
    }

    /// This peer's candidacy changed; uptime is counted here.
    mutating func stand(_ candidacy: Candidacy, _ now: Instant) {
        var candidacy = candidacy
        candidacy.priority = min(candidacy.priority, 100)
        candidacy.seasoned = candidacy.seasoned || now - startedAt >= Self.seasonedAfter
        guard candidacy != selfRecord.candidacy else { return }
        selfRecord.candidacy = candidacy
        raiseIncarnation()
        changed.view = true
        feed(.candidacy(candidacy), now)
    }

    /// Tells everybody a new own record.
    mutating func raiseIncarnation() {
        if selfRecord.incarnation < .max { selfRecord.incarnation += 1 }
        tellSelf()
    }

    /// This peer's own address changed.
    ///
    /// Others follow the address that a datagram comes from, so everybody gets one.
    mutating func move(to endpoint: Endpoint, _ now: Instant) {
        guard endpoint.isUsable, endpoint != selfRecord.endpoint else { return }
        selfRecord.endpoint = endpoint
        raiseIncarnation()
        callAll(.gossip, now)
    }

    /// This peer's own certificate or ring of keys changed.
    mutating func carry(_ pin: [UInt8]?, _ keyIDs: [UInt16]) {
        let keyIDs = Array(keyIDs.prefix(MemberRecord.mostKeys))
        guard pin?.count ?? MemberRecord.pinByteCount == MemberRecord.pinByteCount else { return }
        guard pin != selfRecord.pin || keyIDs != selfRecord.keyIDs else { return }
        selfRecord.pin = pin
        selfRecord.keyIDs = keyIDs
        raiseIncarnation()
    }

    /// Gives the lease back and says goodbye.
    mutating func shutDown(_ now: Instant) {
        feedViewIfChanged(now)
        feed(.shutdown, now)
        selfRecord.status = .left
        sayGoodbye(.leaving, now)
        actions.append(.remember)
        isStopped = true
    }

    /// After the goodbye only the lease goes on, until the own grant is given back: a peer that stops with a grant out has to
    /// wait it out at its next start.
    mutating func afterGoodbye(_ event: HerdEvent, _ now: Instant) -> [HerdAction] {
        switch event {
        case .wake: feed(.wake, now)
        case .storage(let writable, let row): feed(.storage(writable: writable, onDisk: row), now)
        case .datagram(let datagram, _), .tunnelled(let datagram, _):
            guard case .lease(let message) = datagram.message, let index = members.index(short: datagram.sender) else { break }
            feed(.message(message, from: members.ids[index]), now)
        default: break
        }
        return takeActions()
    }
}
