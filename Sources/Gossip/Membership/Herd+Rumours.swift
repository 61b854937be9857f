extension Herd {
    /// Takes what `teller` says of a third peer.
    mutating func learn(_ record: MemberRecord, teller: Endpoint?, _ now: Instant) {
        guard record.id != selfRecord.id else { return hearAboutSelf(record, now) }
        guard let index = members.index(record.id) else { return welcome(record, teller: teller, now) }
        let known = members.entries[index].record
        let order = members.entries[index].isPlaceholder ? 1 : Self.compare(record, with: known)
        switch record.status {
        case .alive, .suspect:
            guard order > 0 else { return }
            raise(index, to: record, teller: teller, now)
            revive(index, now)
            guard members.entries[index].isActive else { return }
            if members.entries[index].lastHeard == nil { timers.add(.greet(record.id), at: now) }
            tell(member: index)
        case .unreachable:
            guard order >= 0, known.status == .alive, !members.entries[index].isPlaceholder else { return }
            hearDeath(index, record, now)
        case .left, .asleep:
            guard order >= 0, known.status != record.status || order > 0 else { return }
            raise(index, to: record, teller: teller, now)
            depart(index, record.status, now)
        }
    }

    /// Negative, zero or positive as (generation, incarnation) of `record` is older, the same or newer.
    private static func compare(_ record: MemberRecord, with known: MemberRecord) -> Int {
        let (a, b) = ((record.generation, record.incarnation), (known.generation, known.incarnation))
        return a == b ? 0 : (a > b ? 1 : -1)
    }

    /// Takes over a newer record; the address only when nothing better is known first-hand.
    private mutating func raise(_ index: Int, to record: MemberRecord, teller: Endpoint?, _ now: Instant) {
        let isNewLife = record.generation > members.entries[index].record.generation || members.entries[index].isPlaceholder
        members.entries[index].record.generation = record.generation
        members.entries[index].record.incarnation = record.incarnation
        members.entries[index].isPlaceholder = false
        members.entries[index].lastSeen = now
        adopt(record, at: index, now)
        let endpoint = record.endpoint.localized(toldBy: teller)
        let isFirstHand = members.entries[index].lastHeard.map { now - $0 < .seconds(10) } ?? false
        guard endpoint.isUsable, isNewLife || !isFirstHand, endpoint != members.entries[index].record.endpoint else { return }
        if isNewLife { members.entries[index].lastHeard = nil }
        members.entries[index].record.endpoint = endpoint
        changed.view = true
        changed.remember = true
    }

    /// A peer that only others know so far counts as alive, and is greeted.
    private mutating func welcome(_ record: MemberRecord, teller: Endpoint?, _ now: Instant) {
        var record = record
        record.endpoint = record.endpoint.localized(toldBy: teller)
        guard record.status == .alive, record.endpoint.isUsable, isUnderstood(record, now) else { return }
        guard let index = members.insert(Member(record: record, source: .gossip, now: now)) else { return }
        activate(index)
        noteStatus(index, from: nil)
        tell(member: index)
        // A newcomer to a large fleet learns hundreds at once: do not greet them in one burst.
        timers.add(.greet(record.id), at: now + random.duration(below: .milliseconds(2 * members.size)))
    }

    /// Somebody declared an active member dead.
    private mutating func hearDeath(_ index: Int, _ record: MemberRecord, _ now: Instant) {
        if let heard = members.entries[index].lastHeard, now - heard < configuration.freshContact,
            members.entries[index].isAt(record.generation, record.incarnation)
        {
            members.entries[index].deathRumoured = true
            probeAtOnce(index, now)
            return
        }
        members.entries[index].record.generation = record.generation
        members.entries[index].record.incarnation = record.incarnation
        depart(index, .unreachable, now)
    }

    /// Greets a member that was never heard directly.
    mutating func greet(_ id: PeerID, _ now: Instant) {
        guard let index = members.index(id), members.entries[index].isActive else { return }
        guard members.entries[index].lastHeard == nil else { return }
        guard traffic.hasRoom(now) else {
            timers.add(.greet(id), at: now + .milliseconds(200) + random.duration(below: .milliseconds(400)))
            return
        }
        sendPing(index, sequence: prober.nextSequence(), now)
    }

    /// Somebody says something of this peer itself.
    private mutating func hearAboutSelf(_ record: MemberRecord, _ now: Instant) {
        switch record.status {
        case .unreachable, .left, .asleep:
            refute(generation: record.generation, incarnation: record.incarnation, at: record.endpoint, now)
        case .alive, .suspect:
            // Only this peer raises its versions: a higher one is another's.
            if (record.generation, record.incarnation) > (selfRecord.generation, selfRecord.incarnation) {
                refute(generation: record.generation, incarnation: record.incarnation, at: record.endpoint, now)
                noteClash(record.endpoint, now)
            }
        }
    }

    /// Answers a false rumour about this peer with a higher incarnation.
    mutating func refute(generation: UInt32, incarnation: UInt32, at endpoint: Endpoint?, _ now: Instant) {
        guard generation <= selfRecord.generation else {
            if let endpoint { noteClash(endpoint, now) }
            return
        }
        guard generation == selfRecord.generation, incarnation >= selfRecord.incarnation, incarnation < .max else { return }
        selfRecord.incarnation = incarnation + 1
        prober.changeHealth(by: 1)
        tellSelf()
        actions.append(.note(.refuted(incarnation: selfRecord.incarnation)))
    }
}
