extension Herd {
    /// The addresses that are dialled, and all seeds, for status pages.
    public var dialStates: [DialState] {
        dialling.dials.map {
            DialState(endpoint: $0.endpoint, source: $0.source, tries: $0.tries, dueAt: $0.dueAt, answeredBy: $0.answeredBy)
        }
    }

    /// An address was named: dial it unless it is known to lead to a live member or to this peer itself.
    mutating func consider(_ endpoint: Endpoint, source: AddressSource, expected: UInt64?, _ now: Instant) {
        guard endpoint.isUsable, endpoint != selfRecord.endpoint, !dialling.isOwn(endpoint, now) else { return }
        guard expected != selfRecord.id.short else { return suspectTwin(at: endpoint, now) }
        credit(source, endpoint, expected)
        if let expected, let index = members.index(short: expected) {
            if members.entries[index].status == .alive, source != .seed { return }
            // Seen again: do not wait for the next turn.
            if members.entries[index].record.status.isRedialled { dialMember(index, now) }
        }
        let owner = members.index(endpoint: endpoint).flatMap { members.entries[$0].isActive ? members.ids[$0] : nil }
        if owner != nil, source != .seed { return }
        guard let place = dialling.index(endpoint: endpoint) ?? dialling.add(endpoint, source: source) else { return }
        if source == .seed { dialling.dials[place].source = .seed }
        dialling.dials[place].answeredBy = owner ?? dialling.dials[place].answeredBy
        guard owner == nil else { return }
        // A repeated name does not hurry a dial, except a sighting, and that once a second.
        if let dueAt = dialling.dials[place].dueAt, dueAt > now, source != .mdns || dialling.dials[place].isFresh(now) { return }
        dialling.dials[place].tries = 0
        dialling.dials[place].dueAt = now
        dial(dialling.dials[place].number, dueAt: now, now)
    }

    /// A peer that introduced itself, or that others told of, and that this peer's own discovery sees too, was found by that.
    private mutating func credit(_ source: AddressSource, _ endpoint: Endpoint, _ expected: UInt64?) {
        guard source != .gossip, let index = expected.flatMap({ members.index(short: $0) }) ?? members.index(endpoint: endpoint),
            members.entries[index].source == .gossip
        else { return }
        members.entries[index].source = source
        changed.view = true
    }

    /// Dials an address and plans the next time.
    mutating func dial(_ number: UInt32, dueAt: Instant, _ now: Instant) {
        guard let place = dialling.index(number: number), dialling.dials[place].dueAt == dueAt else { return }
        guard traffic.hasRoom(now) else {
            dialling.dials[place].dueAt = now + .milliseconds(300)
            return timers.add(.dial(number), at: now + .milliseconds(300))
        }
        let sequence = prober.nextSequence()
        let tries = dialling.dials[place].tries
        let source = dialling.dials[place].source
        send(.ping(sequence: sequence, target: 0), [.told(selfRecord)], to: dialling.dials[place].endpoint)
        // By TCP as well: the first answer wins.
        actions.append(.sync(dialling.dials[place].endpoint))
        dialling.dials[place].sequence = sequence
        dialling.dials[place].dialledAt = now
        dialling.dials[place].tries += 1
        let isFleeting = source == .mdns || source == .gossip
        guard !isFleeting || tries < Dialling.mostTriesForSighting, tries < 4_096 else {
            dialling.dials.remove(at: place)
            return
        }
        let longest = source == .seed ? Dialling.longestForSeed : configuration.redialLongest
        let next = now + backOff(tries, longest: longest)
        dialling.dials[place].dueAt = next
        timers.add(.dial(number), at: next)
    }

    /// first·2ⁿ up to `longest`, give or take a quarter.
    private mutating func backOff(_ tries: Int, longest: Duration) -> Duration {
        let wait = min(configuration.redialFirst * (1 << min(tries, 16)), longest)
        return wait * 3 / 4 + random.duration(below: wait / 2)
    }

    /// A dialled address answered.
    mutating func dialAnswered(_ place: Int, by index: Int, _ now: Instant) {
        let dialledAt = dialling.dials[place].dialledAt ?? now
        closeDial(place, by: members.ids[index])
        // An exchange was begun with the dial.
        members.entries[index].pull.askedAt = max(members.entries[index].pull.askedAt ?? dialledAt, dialledAt)
        // Twice the same answer, or an answer from one of the addresses of an old acquaintance, is no reason to exchange state.
        if members.entries[index].records.hot == nil || members.entries[index].pull.wholeState {
            wantWholeState(index, at: now, now)
        }
    }

    /// A peer was met at an address: whoever dials that can stop.
    mutating func settleDials(at endpoint: Endpoint, by id: PeerID) {
        if let place = dialling.index(endpoint: endpoint), dialling.dials[place].source == .seed { closeDial(place, by: id) }
    }

    /// A peer answered by TCP at an address: whatever dials that can stop; probes will tell whether UDP works.
    mutating func dialAnswered(at endpoint: Endpoint, by id: PeerID) {
        if let place = dialling.index(endpoint: endpoint) { closeDial(place, by: id) }
    }

    private mutating func closeDial(_ place: Int, by id: PeerID) {
        guard dialling.dials[place].source == .seed else {
            dialling.dials.remove(at: place)
            return
        }
        dialling.dials[place].answeredBy = id
        dialling.dials[place].dueAt = nil
    }

    /// The peer behind a seed is gone: dial the seed again.
    mutating func redialSeed(behind id: PeerID, _ now: Instant) {
        for place in dialling.dials.indices where dialling.dials[place].answeredBy == id && dialling.dials[place].dueAt == nil {
            let next = now + backOff(0, longest: Dialling.longestForSeed)
            dialling.dials[place].tries = 0
            dialling.dials[place].dueAt = next
            timers.add(.dial(dialling.dials[place].number), at: next)
        }
    }

    /// Where a stranger's address came from: the dial that it answers, or that leads to it; else it came by itself.
    func source(of datagram: Datagram, from: Endpoint) -> AddressSource {
        if case .ack(let sequence) = datagram.message, let place = dialling.index(sequence: sequence) {
            return dialling.dials[place].source
        }
        return dialling.index(endpoint: from).map { dialling.dials[$0].source } ?? .gossip
    }

    /// Plans the next dial of an unreachable member.
    mutating func scheduleRedial(_ index: Int, _ now: Instant) {
        guard configuration.redialsUnreachable else { return }
        let unseen = now - members.entries[index].lastSeen
        let limit = RedialSchedule.ageLimit(unseen: unseen)
        let rivals = members.entries.count { $0.record.status.isRedialled && now - $0.lastSeen < limit }
        let wait = RedialSchedule.wait(tries: members.entries[index].redials, unseen: unseen, rivals: rivals, configuration)
        // Never later than said, so that the bound on the first contact after a heal holds.
        let next = now + wait * 3 / 4 + random.duration(below: wait / 4)
        members.entries[index].redialAt = next
        members.entries[index].redials += 1
        timers.add(.redial(members.ids[index]), at: next)
    }

    /// The time to dial an unreachable member has come.
    mutating func redial(_ id: PeerID, dueAt: Instant, _ now: Instant) {
        guard let index = members.index(id), members.entries[index].redialAt == dueAt else { return }
        guard members.entries[index].record.status.isRedialled else { return }
        guard traffic.hasRoom(now) else {
            members.entries[index].redialAt = now + .milliseconds(300)
            return timers.add(.redial(id), at: now + .milliseconds(300))
        }
        dialMember(index, now)
        scheduleRedial(index, now)
    }

    /// Something shows that a member may be back: dials it now, at most once a second.
    mutating func hurryRedial(_ index: Int, _ now: Instant) {
        if let last = members.entries[index].probedAt, now - last < .seconds(1) { return }
        if traffic.hasRoom(now) { dialMember(index, now) }
    }

    private mutating func dialMember(_ index: Int, _ now: Instant) {
        members.entries[index].probedAt = now
        // By TCP as well, in case that is all that works; not each time, for a connection costs more than a datagram.
        let tries = members.entries[index].redials
        if members.entries[index].isUDPBlocked || tries == 0 || tries % 4 == 1 { _ = requestSync(index, now) }
        if members.entries[index].isPlaceholder {
            // Somebody else may live there by now.
            askWho(members.entries[index].record.endpoint)
        } else {
            sendPing(index, sequence: prober.nextSequence(), now)
        }
    }

    /// Takes over the peers of an earlier run: unreachable until they answer.
    mutating func recall(_ remembered: [RememberedPeer], _ now: Instant) {
        for peer in remembered.prefix(MemberTable.most) where peer.id != selfRecord.id && peer.endpoint.isUsable {
            let age = Duration.seconds(max(0, min(peer.secondsSinceSeen, 10_000_000)))
            guard age <= configuration.rememberFor else { continue }
            let record = MemberRecord(
                id: peer.id, generation: 0, incarnation: 0, status: peer.left ? .left : .unreachable, endpoint: peer.endpoint,
                candidacy: Candidacy(ephemeral: peer.ephemeral), pin: peer.pin)
            var member = Member(record: record, source: .remembered, now: now)
            member.isPlaceholder = true
            member.lastSeen = now - age
            guard let index = members.insert(member), !peer.left else { continue }
            let first = now + random.duration(below: .milliseconds(20 + remembered.count))
            members.entries[index].redialAt = first
            timers.add(.redial(peer.id), at: first)
        }
    }
}
