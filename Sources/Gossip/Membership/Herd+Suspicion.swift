extension Herd {
    /// `by` suspects a member: the trial begins, or is confirmed.
    mutating func accuse(_ index: Int, by accuser: UInt64, _ now: Instant) {
        let id = members.ids[index]
        if members.entries[index].suspicion == nil {
            members.entries[index].suspicion = Suspicion(startedAt: now, accusers: [accuser], wakeAt: .distantFuture)
            members.suspects += 1
            noteStatus(index, from: .alive)
            rumours.add(.suspect(id, by: accuser))
            rearm(index, now)
            rearmIfAlone(now)
        } else if let accusers = members.entries[index].suspicion?.accusers, accusers.count < 3, !accusers.contains(accuser) {
            members.entries[index].suspicion?.accusers.append(accuser)
            rumours.add(.suspect(id, by: accuser))
            rearm(index, now)
        }
    }

    /// A rumour of a suspicion.
    mutating func hearSuspicion(of id: PeerID, generation: UInt32, incarnation: UInt32, by accuser: UInt64, _ now: Instant) {
        if id == selfRecord.id { return refute(generation: generation, incarnation: incarnation, at: nil, now) }
        guard accuser != selfRecord.id.short, let index = members.index(id), !members.entries[index].isPlaceholder else { return }
        if members.entries[index].isOlder(than: generation, incarnation) {
            members.entries[index].record.generation = generation
            members.entries[index].record.incarnation = incarnation
            revive(index, now)
        }
        guard members.entries[index].isAt(generation, incarnation), members.entries[index].isActive else { return }
        accuse(index, by: accuser, now)
    }

    /// With nobody left who could confirm, suspicions last the least time.
    mutating func rearmIfAlone(_ now: Instant) {
        if members.active.count == members.suspects, members.suspects > 0 { rearmAll(now) }
    }

    /// Counts the time-outs of all suspicions anew.
    mutating func rearmAll(_ now: Instant) {
        for index in members.entries.indices where members.entries[index].suspicion != nil { rearm(index, now) }
    }

    /// Sets when a suspicion ends, unless its last chance has begun.
    private mutating func rearm(_ index: Int, _ now: Instant) {
        guard let suspicion = members.entries[index].suspicion, suspicion.chancesLeft == nil else { return }
        let wakeAt = max(suspicion.startedAt + timeout(of: suspicion), now)
        guard wakeAt != suspicion.wakeAt else { return }
        members.entries[index].suspicion?.wakeAt = wakeAt
        timers.add(.suspicion(members.ids[index]), at: wakeAt)
    }

    /// The next step of a suspicion: last-chance probes, then the end.
    mutating func stepSuspicion(_ id: PeerID, _ now: Instant) {
        guard let index = members.index(id), let suspicion = members.entries[index].suspicion else { return }
        guard suspicion.wakeAt <= now else { return }
        if now < prober.accuseNobodyUntil {
            return stepAgain(index, at: prober.accuseNobodyUntil)
        }
        let left = suspicion.chancesLeft ?? configuration.lastChanceProbes
        guard left > 0 else { return depart(index, .unreachable, now) }
        // When hundreds are suspect at once their last chances are spread, but nobody waits for long.
        if !traffic.hasRoom(now), now - suspicion.startedAt < Self.longestWaitForChance + timeout(of: suspicion) {
            return stepAgain(index, at: now + configuration.lastChanceSpacing + random.duration(below: .milliseconds(200)))
        }
        members.entries[index].suspicion?.chancesLeft = left - 1
        lastChance(index, now)
        // A question inside a peer link may have to open it first.
        let isBlocked = members.entries[index].isUDPBlocked
        stepAgain(index, at: now + (isBlocked ? configuration.lastChanceSpacing * 5 / 2 : configuration.lastChanceSpacing))
    }

    /// How long the last chance of a suspect may be put off because this peer has sent its share of bytes.
    static let longestWaitForChance = Duration.seconds(3)

    private func timeout(of suspicion: Suspicion) -> Duration {
        let times = SuspicionTimes(
            interval: configuration.probeInterval, multiplier: configuration.suspicionMultiplier,
            percentForFew: configuration.suspicionPercentForFew)
        return times.timeout(
            peers: members.size, accusers: suspicion.accusers.count, othersCanConfirm: members.active.count > members.suspects)
    }

    private mutating func stepAgain(_ index: Int, at instant: Instant) {
        members.entries[index].suspicion?.wakeAt = instant
        timers.add(.suspicion(members.ids[index]), at: instant)
    }

    /// One last-chance probe: direct, and by one helper.
    private mutating func lastChance(_ index: Int, _ now: Instant) {
        let id = members.ids[index]
        let sequence: UInt32
        if let probe = prober.probes.first(where: { $0.target == id && $0.purpose == .lastChance }) {
            sequence = probe.sequence
        } else {
            sequence = prober.nextSequence()
            prober.probes.append(
                Probe(
                    purpose: .lastChance, target: id, sequence: sequence, timeout: configuration.lastChanceSpacing,
                    startedAt: now, endsAt: .distantFuture, pingedAt: now))
        }
        guard traffic.hasRoom(now) else { return }
        sendPing(index, sequence: sequence, now)
        askHelpers(1, of: sequence, now)
    }

    /// A suspect showed life, but has not refuted: its trial starts anew.
    mutating func restartTrial(_ index: Int, _ now: Instant) {
        guard members.entries[index].suspicion?.chancesLeft != nil else { return }
        members.entries[index].suspicion?.chancesLeft = nil
        members.entries[index].suspicion?.startedAt = now
        rearm(index, now)
    }
}
