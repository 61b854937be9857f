/// Peers that datagrams do not reach (mesh protocol §5.2, decision 0021): what is for them travels inside peer links.
extension Herd {
    /// Without a datagram by UDP for this long, a peer that uses the tunnel is taken for blocked.
    static let udpSilence = Duration.seconds(3)

    /// Datagrams to this address travel inside a peer link.
    func isBlocked(_ endpoint: Endpoint) -> Bool {
        members.blocked > 0 && members.entries.contains { $0.isUDPBlocked && $0.record.endpoint == endpoint }
    }

    /// A member's datagram came: by UDP, or inside a peer link.
    mutating func noteWay(_ index: Int, _ now: Instant) {
        guard let incoming else { return }
        guard incoming.isTunnelled else {
            members.entries[index].heardByUDP = now
            // One way works. Whether both do, a question by UDP will tell.
            if members.entries[index].isUDPBlocked { askByUDP(index, now) }
            return
        }
        // It has found UDP blocked. One that is heard by UDP none the less is reached that way until a probe fails.
        let silence = members.entries[index].heardByUDP.map { now - $0 } ?? .seconds(3_600)
        if silence > Self.udpSilence { block(index, now) }
    }

    /// A probe that no datagram answered was answered by TCP: so many in a row, and UDP is blocked. The next periods go to that
    /// member, so that it is known within seconds; with one in five datagrams lost it is said wrongly less than once a day.
    mutating func noteOnlyTCP(_ index: Int, _ now: Instant) {
        members.entries[index].onlyTCP = min(members.entries[index].onlyTCP + 1, 100)
        let wanted = members.entries[index].heardByUDP == nil ? Self.onlyTCPOfStranger : Self.onlyTCP
        if members.entries[index].onlyTCP >= wanted {
            block(index, now)
        } else if prober.again == nil {
            prober.again = members.ids[index]
        }
    }

    /// Probes in a row that only TCP answered before a member counts as blocked.
    private static let onlyTCP = 6
    /// The same for one that was never heard by UDP.
    private static let onlyTCPOfStranger = 2

    private mutating func block(_ index: Int, _ now: Instant) {
        guard !members.entries[index].isUDPBlocked else { return }
        members.entries[index].isUDPBlocked = true
        members.blocked += 1
        changed.view = true
        planTrial(index, now)
    }

    private mutating func unblock(_ index: Int) {
        members.entries[index].onlyTCP = 0
        guard members.entries[index].isUDPBlocked else { return }
        members.entries[index].isUDPBlocked = false
        members.blocked -= 1
        changed.view = true
    }

    private mutating func planTrial(_ index: Int, _ now: Instant) {
        let wait = configuration.udpTrialInterval
        timers.add(.trial(members.ids[index]), at: now + wait * 9 / 10 + random.duration(below: wait / 5))
    }

    /// Tries to reach a blocked member by UDP again, every half minute.
    mutating func tryUDP(_ id: PeerID, _ now: Instant) {
        guard let index = members.index(id), members.entries[index].isUDPBlocked else { return }
        planTrial(index, now)
        if members.entries[index].record.status != .left { askByUDP(index, now) }
    }

    /// A question by UDP to a blocked member, at most one a second.
    private mutating func askByUDP(_ index: Int, _ now: Instant) {
        if let last = members.entries[index].triedAt, now - last < .seconds(1) { return }
        let record = members.entries[index].record
        guard let version = Self.commonVersion(selfRecord.protocolRange, record.protocolRange) else { return }
        let sequence = prober.nextSequence()
        members.entries[index].trial = sequence
        members.entries[index].triedAt = now
        dispatch(
            .ping(sequence: sequence, target: record.id.short), [], to: record.endpoint, version: version, isTunnelled: false)
    }

    /// A member answered a question that went to it by UDP: the answer came by UDP too, so both ways work.
    mutating func noteAck(_ sequence: UInt32, of index: Int) {
        guard incoming?.isTunnelled == false else { return }
        if members.entries[index].isUDPBlocked {
            if members.entries[index].trial == sequence { unblock(index) }
        } else {
            members.entries[index].onlyTCP = 0
        }
    }

    /// A peer link could not be had: the probe that waits for it gets no direct answer any more.
    mutating func tunnelFailed(_ endpoint: Endpoint, _ now: Instant) {
        guard let index = members.index(endpoint: endpoint), members.entries[index].isActive else { return }
        guard members.entries[index].isUDPBlocked else { return }
        let id = members.ids[index]
        guard let place = prober.probes.firstIndex(where: { $0.target == id && $0.purpose != .lastChance }) else {
            return probeAtOnce(index, now)
        }
        let sequence = prober.probes[place].sequence
        // Helpers get the time of one question.
        let end = now + prober.stretched(configuration.longestPingTimeout)
        guard prober.probes[place].endsAt > end else { return }
        prober.probes[place].endsAt = end
        if prober.probes[place].step != .conclude {
            prober.probes[place].step = .conclude
            askHelpers(configuration.indirectHelpers, of: sequence, now)
        }
        timers.add(.probe(sequence), at: end)
    }
}
