/// Two processes under one id: a machine's snapshot was restored beside the original, or an identity was copied.
///
/// Nothing is believed unasked. A hint (a datagram with the own id, a peer that sees two addresses) leads to a question; a question
/// that comes back is this peer's own echo; two answers within ten seconds from one address are a twin. The process that has been
/// running for the shorter time takes a new id (decision 0020).
extension Herd {
    /// Somebody with this peer's id may live at this address: ask, unless it is known to be this peer's own.
    mutating func suspectTwin(at endpoint: Endpoint, _ now: Instant) {
        guard endpoint.isUsable, endpoint != selfRecord.endpoint, !dialling.isOwn(endpoint, now) else { return }
        if let last = twins.challenges.last(where: { $0.endpoint == endpoint }), now - last.at < .milliseconds(900) { return }
        guard traffic.hasRoom(now) else { return }
        let sequence = prober.nextSequence()
        let uptime = uptimeMilliseconds(now)
        twins.challenges.removeAll { now - $0.at > Twins.window || $0.endpoint == endpoint }
        twins.challenges.append(
            Twins.Challenge(endpoint: endpoint, sequence: sequence, uptimeMilliseconds: uptime, at: now))
        if twins.challenges.count > Twins.mostChallenges { twins.challenges.removeFirst() }
        send(.ping(sequence: sequence, target: selfRecord.id.short), [.uptime(milliseconds: uptime)], to: endpoint)
    }

    /// A datagram with this peer's own short id: its own echo, or a twin.
    mutating func hearSelf(_ datagram: Datagram, from: Endpoint, _ now: Instant) {
        switch datagram.message {
        case .ping(let sequence, let target) where target == selfRecord.id.short:
            let uptime = Self.uptime(in: datagram)
            if let place = twins.challenges.firstIndex(where: { $0.sequence == sequence && $0.uptimeMilliseconds == uptime }) {
                dialling.noteOwn(twins.challenges.remove(at: place).endpoint, now)
                return
            }
            guard uptime != nil else { break }
            var seen = selfRecord
            seen.endpoint = from
            seen.status = .alive
            send(.ack(sequence: sequence), [.uptime(milliseconds: uptimeMilliseconds(now)), .told(seen)], to: from)
            suspectTwin(at: from, now)
        case .ping(let sequence, _):
            if datagram.generation == selfRecord.generation, prober.sequence &- sequence < 100_000 {
                // Most likely a dialled address turned out to be this peer's own.
                if dialling.index(sequence: sequence) != nil { return dialling.dropOwn(sequence: sequence, now) }
            } else {
                noteClash(from, now)
            }
            suspectTwin(at: from, now)
        case .ack(let sequence):
            guard let place = twins.challenges.firstIndex(where: { $0.sequence == sequence }),
                twins.challenges[place].endpoint.address == from.address, let theirs = Self.uptime(in: datagram)
            else { break }
            twins.challenges.remove(at: place)
            meetTwin(from, uptime: theirs, seenAs: Self.ownEndpoint(in: datagram), now)
        default:
            suspectTwin(at: from, now)
        }
    }

    /// A twin answered. After the second answer the younger process gives way.
    private mutating func meetTwin(_ endpoint: Endpoint, uptime theirs: UInt64, seenAs: Endpoint?, _ now: Instant) {
        let mine = uptimeMilliseconds(now)
        let isOlder: Bool
        if max(mine, theirs) - min(mine, theirs) > Twins.tie {
            isOlder = theirs > mine
        } else if let seenAs {
            // As old as each other: both compare the same two addresses.
            isOlder = Self.order(endpoint) < Self.order(seenAs)
        } else {
            isOlder = false
        }
        noteClash(endpoint, now)
        twins.sightings.removeAll { now - $0.at > Twins.window || $0.endpoint != endpoint }
        twins.sightings.append(Twins.Sighting(endpoint: endpoint, at: now, isOlder: isOlder))
        if twins.sightings.count == 1 { timers.add(.twin, at: now + .seconds(1)) }
        if twins.sightings.count > 2 { twins.sightings.removeFirst() }
        guard twins.sightings.count == 2, twins.sightings.allSatisfy(\.isOlder), !twins.isReidentified else { return }
        twins.isReidentified = true
        actions.append(.reidentify)
    }

    /// The second question to a twin.
    mutating func lookAgain(_ now: Instant) {
        guard let last = twins.sightings.last, now - last.at < Twins.window else { return }
        suspectTwin(at: last.endpoint, now)
    }

    /// A member was seen at two addresses: each is told of the other, so that twins can find each other. At most every ten seconds.
    mutating func hintAtTwin(_ index: Int, _ other: Endpoint, _ now: Instant) {
        if let last = members.entries[index].hintedAt, now - last < .seconds(10) { return }
        members.entries[index].hintedAt = now
        guard traffic.hasRoom(now) else { return }
        var record = members.entries[index].record
        guard record.status == .alive, record.endpoint != other else { return }
        let known = record.endpoint
        send(.gossip, [.told(record)], to: other)
        record.endpoint = other
        send(.gossip, [.told(record)], to: known)
    }

    private func uptimeMilliseconds(_ now: Instant) -> UInt64 { UInt64(max(0, (now - startedAt).wholeMilliseconds)) }

    private static func uptime(in datagram: Datagram) -> UInt64? {
        for case .uptime(let milliseconds) in datagram.items { return milliseconds }
        return nil
    }

    /// Where the sender of an answer saw this peer.
    private static func ownEndpoint(in datagram: Datagram) -> Endpoint? {
        for case .member(let record) in datagram.items where record.id.short == datagram.sender { return record.endpoint }
        return nil
    }

    /// Addresses in an order that both sides agree on.
    private static func order(_ endpoint: Endpoint) -> (UInt64, UInt64, UInt16) {
        switch endpoint.address {
        case .v4(let bits): (0, UInt64(bits), endpoint.port)
        case .v6(let high, let low, _): (high, low, endpoint.port)
        }
    }
}
