extension Herd {
    /// A stranger introduced itself directly.
    mutating func meet(_ record: MemberRecord, from: Endpoint, source: AddressSource, _ now: Instant) {
        guard isUnderstood(record, now) else { return }
        var record = record
        record.endpoint = Endpoint(from.address, port: record.endpoint.port == 0 ? from.port : record.endpoint.port)
        record.status = .alive
        var member = Member(record: record, source: source, now: now)
        member.lastHeard = now
        guard let index = members.insert(member) else { return }
        activate(index)
        noteStatus(index, from: nil)
        tell(member: index)
        settleDials(at: record.endpoint, by: record.id)
        // Whoever dialled exchanges state at once; the other side only if that fails.
        wantWholeState(index, at: now + .seconds(1), now)
    }

    /// Takes a member's direct sign of life. False when it comes from an earlier life and is void.
    mutating func hear(_ index: Int, _ contact: Contact, _ now: Instant) -> Bool {
        let known = members.entries[index].record
        let isPlaceholder = members.entries[index].isPlaceholder
        guard isPlaceholder || contact.generation >= known.generation else {
            if let from = contact.from, from.address != known.endpoint.address { countFlip(index, to: from, now) }
            return false
        }
        let isNewer =
            isPlaceholder
            || (configuration.heedsHeaders || contact.introduction != nil)
                && (known.generation, known.incarnation) < (contact.generation, contact.incarnation)
        follow(index, contact, isNewer: isNewer, now)
        members.entries[index].lastHeard = now
        members.entries[index].lastSeen = now
        guard isNewer || members.entries[index].isAt(contact.generation, contact.incarnation) else { return true }
        members.entries[index].record.generation = contact.generation
        members.entries[index].record.incarnation = contact.incarnation
        members.entries[index].isPlaceholder = false
        if let introduction = contact.introduction { adopt(introduction, at: index, now) }
        if let farewell = contact.farewell {
            depart(index, farewell, now)
        } else if isNewer {
            revive(index, now)
            if members.entries[index].isActive { tell(member: index) }
        } else {
            contest(index, contact, now)
        }
        return true
    }

    /// Takes over what a member says of itself, except its address.
    mutating func adopt(_ record: MemberRecord, at index: Int, _ now: Instant) {
        guard record.id == members.ids[index] else { return }
        _ = isUnderstood(record, now)
        members.entries[index].record.protocolRange = record.protocolRange
        if members.entries[index].record.keyIDs != record.keyIDs
            || record.pin != nil && members.entries[index].record.pin != record.pin
        {
            members.entries[index].record.keyIDs = record.keyIDs
            // A datagram's record has no pin; that says nothing.
            members.entries[index].record.pin = record.pin ?? members.entries[index].record.pin
            changed.view = true
        }
        if members.entries[index].record.candidacy != record.candidacy {
            members.entries[index].record.candidacy = record.candidacy
            changed.leaseView = true
            changed.view = true
        }
    }

    /// A suspect or buried member speaks and does not know: tell it, so that it refutes.
    private mutating func contest(_ index: Int, _ contact: Contact, _ now: Instant) {
        guard configuration.heedsHeaders, members.entries[index].status != .alive, members.entries[index].record.status != .left
        else { return }
        if case .datagram(.ping) = contact.way { return }  // The ack tells it.
        if let last = members.entries[index].contestedAt, now - last < .milliseconds(100) { return }
        members.entries[index].contestedAt = now
        sendPing(index, sequence: prober.nextSequence(), now)
    }

    /// Follows a member to the address that it really sends from, with the port that it names.
    private mutating func follow(_ index: Int, _ contact: Contact, isNewer: Bool, _ now: Instant) {
        guard let from = contact.from else { return }
        let known = members.entries[index].record.endpoint
        let named = contact.introduction?.endpoint.port ?? known.port
        let seen = Endpoint(from.address, port: named == 0 ? from.port : named)
        guard seen != known else { return }
        if !isNewer, contact.isDial(dialling), members.entries[index].isActive, let last = members.entries[index].lastHeard,
            now - last < .seconds(3)
        {
            // One of its other addresses, or a twin: it can find that out.
            return hintAtTwin(index, seen, now)
        }
        if !isNewer { countFlip(index, to: seen, now) }
        members.entries[index].record.endpoint = seen
        changed.view = true
        changed.remember = true
    }

    /// An address that goes back and forth four times in ten seconds means two peers under one id.
    private mutating func countFlip(_ index: Int, to endpoint: Endpoint, _ now: Instant) {
        if let since = members.entries[index].flippingSince, now - since <= .seconds(10) {
            members.entries[index].flips += 1
        } else {
            members.entries[index].flippingSince = now
            members.entries[index].flips = 1
        }
        guard members.entries[index].flips >= 4 else { return }
        members.entries[index].flippingSince = nil
        noteClash(endpoint, now)
        hintAtTwin(index, endpoint, now)
    }
}
