extension Herd {
    /// Applies one authenticated datagram: who sent it, what rides along, then what it asks.
    mutating func receive(_ datagram: Datagram, from: Endpoint, isTunnelled: Bool, _ now: Instant) {
        incoming = Incoming(from: from, isTunnelled: isTunnelled, version: datagram.version)
        apply(datagram, from: from, now)
        incoming = nil
    }

    private mutating func apply(_ datagram: Datagram, from: Endpoint, _ now: Instant) {
        guard datagram.sender != selfRecord.id.short else { return hearSelf(datagram, from: from, now) }
        let introduction = introduction(in: datagram)
        if let index = members.index(short: datagram.sender) {
            guard hear(index, Contact(datagram, introduction, from), now) else { return }
            noteWay(index, now)
        } else if let introduction, introduction.status == .alive {
            meet(introduction, from: from, source: source(of: datagram, from: from), now)
        }
        for item in datagram.items { apply(item, of: datagram, from: from, now) }
        if configuration.heedsHeaders, let index = members.index(short: datagram.sender) {
            compareHot(index, RecordVersion(generation: datagram.generation, counter: datagram.hotCounter), now)
        }
        answer(datagram, isIntroduced: introduction != nil, from: from, now)
    }

    /// The sender's own member record, if it rides along.
    private func introduction(in datagram: Datagram) -> MemberRecord? {
        for case .member(let record) in datagram.items
        where record.id.short == datagram.sender && record.generation == datagram.generation {
            return record
        }
        return nil
    }

    private mutating func apply(_ item: Item, of datagram: Datagram, from: Endpoint, _ now: Instant) {
        switch item {
        case .member(let record):
            if record.id == selfRecord.id, record.status == .alive { suspectTwin(at: record.endpoint, now) }
            if record.id.short != datagram.sender { learn(record, teller: from, now) }
        case .suspect(let id, let generation, let incarnation, let by):
            hearSuspicion(of: id, generation: generation, incarnation: incarnation, by: by, now)
        case .hot(let id, let version, let age, let cold, let report):
            let record = HotRecord(
                id: id, version: version, ageMilliseconds: UInt32(age) * 10, coldVersions: cold, report: report)
            learn(record, now)
        case .lease(let record):
            learn(record, now)
        case .uptime:
            break
        }
    }

    /// Does what the message asks.
    private mutating func answer(_ datagram: Datagram, isIntroduced: Bool, from: Endpoint, _ now: Instant) {
        switch datagram.message {
        case .ping(let sequence, let target):
            answerPing(sequence, target: target, sender: datagram.sender, isIntroduced: isIntroduced, from: from, now)
        case .ack(let sequence):
            hearAck(sequence, sender: datagram.sender, now)
        case .pingRequest(let sequence, let target, let endpoint):
            relayProbe(sequence, target: target, at: endpoint.localized(toldBy: from), from: from, now)
        case .nack(let sequence):
            hearNack(sequence, sender: datagram.sender)
        case .lease(let message):
            guard let index = members.index(short: datagram.sender) else { return askWho(from) }
            feedViewIfChanged(now)
            feed(.message(message, from: members.ids[index]), now)
        case .gossip, .bye, .resume:
            break
        }
    }

    private mutating func answerPing(
        _ sequence: UInt32, target: UInt64, sender: UInt64, isIntroduced: Bool, from: Endpoint, _ now: Instant
    ) {
        let index = members.index(short: sender)
        guard target == 0 || target == selfRecord.id.short else {
            // The address belonged to somebody else once. Make acquaintance instead.
            if index == nil { askWho(from) }
            return
        }
        var items: [Item] = []
        if target == 0 || isIntroduced || index == nil { items.append(.told(selfRecord)) }
        if let index {
            if let belief = belief(index) { items.append(belief) }
            if target != 0 { addRumours(to: &items, budget: piggybackBudget(now), for: members.ids[index], now) }
        }
        send(.ack(sequence: sequence), items, to: from)
        if index == nil { askWho(from) }
    }

    /// Asks whoever is at this address for its record.
    mutating func askWho(_ endpoint: Endpoint) {
        send(.ping(sequence: prober.nextSequence(), target: 0), [.told(selfRecord)], to: endpoint)
    }

    /// Reports that somebody else uses an id, at most every ten seconds.
    mutating func noteClash(_ endpoint: Endpoint, _ now: Instant) {
        if let last = clashNotedAt, now - last < .seconds(10) { return }
        clashNotedAt = now
        actions.append(.note(.identityClash(endpoint)))
    }
}
