extension Herd {
    /// Ends the period's probe and starts the next.
    mutating func tick(_ now: Instant) {
        concludeProbes(now)
        guard !members.active.isEmpty else {
            prober.isTicking = false
            return
        }
        timers.add(.tick, at: now + prober.stretched(configuration.probeInterval))
        if let index = nextTarget(now) { probe(index, .cycle, now) }
    }

    /// The member whose turn it is: the one that just failed, else the next of the shuffled round.
    private mutating func nextTarget(_ now: Instant) -> Int? {
        if let id = prober.again {
            prober.again = nil
            if let index = members.index(id), members.entries[index].isActive, !isProbed(id) { return index }
        }
        for _ in 0..<2 {
            while prober.cursor < prober.order.count {
                let id = prober.order[prober.cursor]
                prober.cursor += 1
                guard let index = members.index(id), members.entries[index].isActive, !isProbed(id) else { continue }
                if members.entries[index].isUDPBlocked, let last = members.entries[index].probedAt,
                    now - last < configuration.tunnelProbeInterval
                {
                    continue
                }
                return index
            }
            prober.order = members.active.shuffled(using: &random)
            prober.cursor = 0
        }
        return nil
    }

    private func isProbed(_ id: PeerID) -> Bool {
        prober.probes.contains { $0.target == id && $0.purpose != .lastChance }
    }

    /// Probes a member out of its turn, because something hints that it may be gone.
    mutating func probeAtOnce(_ index: Int, _ now: Instant) {
        guard members.entries[index].isActive, !isProbed(members.ids[index]) else { return }
        guard prober.probes.count(where: { $0.purpose == .hint }) < Prober.mostHints, traffic.hasRoom(now) else { return }
        probe(index, .hint, now)
    }

    private mutating func probe(_ index: Int, _ purpose: Probe.Purpose, _ now: Instant) {
        let sequence = prober.nextSequence()
        let isBlocked = members.entries[index].isUDPBlocked
        let timeout = prober.stretched(pingTimeout(index))
        // Helpers need as long again.
        let period = max(prober.stretched(configuration.probeInterval), timeout * 2)
        var probe = Probe(
            purpose: purpose, target: members.ids[index], sequence: sequence, timeout: timeout, startedAt: now,
            endsAt: now + (isBlocked ? max(period, configuration.tunnelProbeInterval) : period), pingedAt: now)
        // What goes by TCP is not lost on the way.
        if isBlocked { probe.step = .askHelpers }
        prober.probes.append(probe)
        members.entries[index].probedAt = now
        timers.add(.probe(sequence), at: now + (isBlocked ? timeout : timeout / 2))
        sendPing(index, sequence: sequence, now)
    }

    /// How long a member may take to answer directly.
    private func pingTimeout(_ index: Int) -> Duration {
        members.entries[index].isUDPBlocked
            ? configuration.longestPingTimeout
            : members.entries[index].roundTrip.timeout(least: configuration.pingTimeout, most: configuration.longestPingTimeout)
    }

    /// The next step of a probe without an answer: the ping once more, then helpers, then the verdict.
    mutating func stepProbe(_ sequence: UInt32, _ now: Instant) {
        guard let place = prober.probes.firstIndex(where: { $0.sequence == sequence }) else { return }
        let probe = prober.probes[place]
        switch probe.step {
        case .resend:
            prober.probes[place].step = .askHelpers
            timers.add(.probe(sequence), at: probe.startedAt + probe.timeout)
            guard configuration.resendsPing, traffic.hasRoom(now), let index = members.index(probe.target) else { return }
            prober.probes[place].pingedAt = now
            sendPing(index, sequence: sequence, now)
        case .askHelpers:
            prober.probes[place].step = .conclude
            timers.add(.probe(sequence), at: probe.endsAt)
            askHelpers(configuration.indirectHelpers, of: sequence, now)
            tryTCP(probe.target, now)
        case .conclude:
            concludeProbes(now)
        }
    }

    /// Asks random healthy members to probe on this peer's behalf.
    mutating func askHelpers(_ count: Int, of sequence: UInt32, _ now: Instant) {
        guard let place = prober.probes.firstIndex(where: { $0.sequence == sequence }) else { return }
        let target = prober.probes[place].target
        guard let index = members.index(target) else { return }
        let endpoint = members.entries[index].record.endpoint
        for helper in randomActive(count, where: { $0.id != target && $0.suspicion == nil }) {
            guard traffic.hasRoom(now) else { return }
            let id = members.ids[helper].short
            if !prober.probes[place].helpers.contains(id) { prober.probes[place].helpers.append(id) }
            send(.pingRequest(sequence: sequence, target: target.short, endpoint: endpoint), to: helper)
        }
    }

    /// One more attempt by TCP: a peer whose datagrams are blocked is alive. Large fleets wait for the second failure.
    private mutating func tryTCP(_ id: PeerID, _ now: Instant) {
        guard let index = members.index(id),
            members.size <= configuration.earlyTCPPeers || members.entries[index].strikes > 0
        else { return }
        // A blocked peer was just asked by TCP.
        if !members.entries[index].isUDPBlocked { _ = requestSync(index, spacing: configuration.probeInterval / 2, now) }
    }

    /// Judges the probes whose time is over.
    mutating func concludeProbes(_ now: Instant) {
        while let place = prober.probes.firstIndex(where: { $0.endsAt <= now }) {
            fail(prober.probes.remove(at: place), now)
        }
    }

    private mutating func fail(_ probe: Probe, _ now: Instant) {
        guard now >= prober.accuseNobodyUntil else { return }
        guard let index = members.index(probe.target), members.entries[index].isActive else { return }
        // Helpers that said nothing at all point to this peer's own line.
        if probe.helpers.isEmpty || probe.nacks < probe.helpers.count { prober.changeHealth(by: 1) }
        if members.entries[index].deathRumoured { return depart(index, .unreachable, now) }
        members.entries[index].strikes += 1
        if members.entries[index].strikes >= configuration.strikes {
            accuse(index, by: selfRecord.id.short, now)
        } else if probe.purpose == .hint {
            self.probe(index, .hint, now)
        } else {
            prober.again = probe.target
        }
    }

    /// An answer to a ping of this peer.
    mutating func hearAck(_ sequence: UInt32, sender: UInt64, _ now: Instant) {
        if let index = members.index(short: sender) { noteAck(sequence, of: index) }
        if let place = prober.probes.firstIndex(where: { $0.sequence == sequence }) {
            let target = prober.probes[place].target.short
            guard sender == target || prober.probes[place].helpers.contains(sender) else { return }
            if sender == target, let index = members.index(prober.probes[place].target) { timeAnswer(place, index, now) }
            answered(place, now)
        } else if let place = prober.relays.firstIndex(where: { $0.sequence == sequence }) {
            guard prober.relays[place].target == sender else { return }
            let relay = prober.relays.remove(at: place)
            answer(relay, .ack(sequence: relay.originSequence))
        } else if let place = dialling.index(sequence: sequence), let index = members.index(short: sender) {
            dialAnswered(place, by: index, now)
        }
    }

    /// Measures how long a direct answer took, unless it came inside a peer link.
    private mutating func timeAnswer(_ place: Int, _ index: Int, _ now: Instant) {
        guard incoming?.isTunnelled == false, !members.entries[index].isUDPBlocked else { return }
        let probe = prober.probes[place]
        members.entries[index].roundTrip.note(sinceFirst: now - probe.startedAt, sinceLast: now - probe.pingedAt)
    }

    /// Answers who asked for a probe, the way the question came.
    private mutating func answer(_ relay: Relay, _ message: Message) {
        dispatch(message, [], to: relay.origin, version: relay.version, isTunnelled: relay.isTunnelled)
    }

    /// The probe at `place` has succeeded.
    mutating func answered(_ place: Int, _ now: Instant) {
        let probe = prober.probes.remove(at: place)
        if probe.purpose != .lastChance { prober.changeHealth(by: -1) }
        if prober.again == probe.target { prober.again = nil }
        guard let index = members.index(probe.target) else { return }
        members.entries[index].strikes = 0
        members.entries[index].deathRumoured = false
        members.entries[index].lastSeen = now
        restartTrial(index, now)
    }

    /// A helper got no answer either.
    mutating func hearNack(_ sequence: UInt32, sender: UInt64) {
        guard let place = prober.probes.firstIndex(where: { $0.sequence == sequence }) else { return }
        if prober.probes[place].helpers.contains(sender) { prober.probes[place].nacks += 1 }
    }

    /// Probes `target` for another.
    mutating func relayProbe(_ sequence: UInt32, target: UInt64, at endpoint: Endpoint, from: Endpoint, _ now: Instant) {
        guard target != selfRecord.id.short else { return send(.ack(sequence: sequence), to: from) }
        guard prober.relays.count < Prober.mostRelays, endpoint.isUsable, traffic.hasRoom(now) else { return }
        let own = prober.nextSequence()
        prober.relays.append(
            Relay(
                sequence: own, target: target, origin: from, originSequence: sequence,
                isTunnelled: incoming?.isTunnelled ?? false, version: incoming?.version ?? selfRecord.protocolRange.lowerBound,
                endsAt: now + .seconds(1)))
        let index = members.index(short: target).flatMap { members.entries[$0].isActive ? $0 : nil }
        let timeout = index.map { pingTimeout($0) } ?? configuration.pingTimeout
        timers.add(.relay(own), at: now + timeout * 4 / 5)
        if let index {
            send(.ping(sequence: own, target: target), to: index)
        } else {
            send(.ping(sequence: own, target: target), to: endpoint)
        }
    }

    /// Tells who asked that there was no answer yet; later forgets the matter.
    mutating func stepRelay(_ sequence: UInt32, _ now: Instant) {
        guard let place = prober.relays.firstIndex(where: { $0.sequence == sequence }) else { return }
        guard !prober.relays[place].isNacked else {
            prober.relays.remove(at: place)
            return
        }
        prober.relays[place].isNacked = true
        timers.add(.relay(sequence), at: prober.relays[place].endsAt)
        answer(prober.relays[place], .nack(sequence: prober.relays[place].originSequence))
    }
}
