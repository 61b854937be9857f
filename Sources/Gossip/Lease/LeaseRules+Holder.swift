/// The holder: requests, renewals, and whether they still make a router (§7.6).
extension LeaseRules {
    /// A voter's no.
    struct Rejection {
        var voter: PeerID
        var epoch: UInt64
        var round: UInt32
        var maxEpoch: UInt64
        var holder: PeerID?
        var remaining: UInt16

        /// The voter stops, or falls asleep, and gives its grant back.
        var isReturn: Bool { holder == voter && remaining <= LeaseRules.sleeps }
        /// It stops, and does not only fall asleep.
        var isLeaving: Bool { holder == voter && remaining < LeaseRules.sleeps }
    }

    /// What a peer that gives its grant back says as remaining milliseconds when it only falls asleep; 0 when it leaves.
    static let sleeps: UInt16 = 1

    /// R: a fifth of the lease, or what the configuration says if that is longer.
    private var renewalInterval: Duration {
        max(configuration.renewal, (lease?.length ?? configuration.length) / 5)
    }

    /// Asks every peer of the view, and this one, in a new round.
    mutating func sendRequests() {
        for place in electors.indices {
            electors[place].answered = false
        }
        let length = leaseLength()
        lease?.length = length
        // Alone there is no majority that could be late.
        if !electors.contains(where: { !$0.silent }) { lease?.majorityAsOf = now }
        let interval = renewalInterval
        lease?.nextRenewal = now + interval
        sendRound(renewingOwn: true) { _ in true }
    }

    /// One round to those that `wanted` names. Each sending has its own number, so that an answer tells which one it acknowledges.
    private mutating func sendRound(renewingOwn: Bool, to wanted: (Elector) -> Bool) {
        guard var held = lease else { return }
        let number = nextRound()
        held.remember(HeldLease.Round(number: number, sentAt: now, length: held.length))
        held.nextRetransmit = now + configuration.retransmit
        if renewingOwn {
            switch cast(for: selfID, epoch: held.epoch, round: number, length: held.length) {
            case .granted: held.ownUntil = max(held.ownUntil, now + held.length)
            // A pause outlasted its own grant, while the others' count still: like any voter that is free, it needs a new term.
            case .rejected where grant == nil: held.reopenWanted = true
            case .rejected, .ignored: break
            }
        }
        lease = held
        let milliseconds = UInt16(clamping: held.length.wholeMilliseconds)
        for place in electors.indices where wanted(electors[place]) {
            electors[place].unanswered += 1
            send(.request(epoch: held.epoch, round: number, lengthMilliseconds: milliseconds), to: electors[place].id)
        }
    }

    /// Renews every R; sends again what stayed unanswered.
    mutating func renewIfDue() {
        guard let held = lease else { return }
        if now >= held.nextRenewal {
            if held.reopenWanted {
                openTerm()
            } else {
                sendRequests()
            }
            announceIfChanged()
            for place in electors.indices { offerRoster(place) }
            preferBetterClass()
        } else if now >= held.nextRetransmit && electors.contains(where: { !$0.answered && !$0.silent }) {
            sendRound(renewingOwn: false) { !$0.answered && !$0.silent }
        }
    }

    mutating func countGrant(of voter: PeerID, epoch: UInt64, round: UInt32, roster hash: UInt64, moves: UInt32) {
        guard Self.isPossible(epoch: epoch) else { return }
        forgetRecord(of: voter)
        guard let held = lease else {
            // A late answer: the voter would obey a router that there is not.
            send(.release(epoch: epoch), to: voter)
            return
        }
        guard epoch == held.epoch, let sent = held.round(round), let place = index(of: voter) else { return }
        // Rounds count up: an answer to one before a rejection is late.
        guard round > electors[place].rejectedRound else { return }
        electors[place].validUntil = max(electors[place].validUntil, sent.sentAt + sent.length)
        #if MUTANTS
        if configuration.mutant == .replyTime { electors[place].validUntil = now + sent.length }
        #endif
        electors[place].acknowledged = max(electors[place].acknowledged, sent.sentAt)
        measureGap()
        if electors[place].grantedEpoch != epoch || round >= electors[place].grantedRound {
            electors[place].rosterHash = hash
        }
        electors[place].rosterMoves = max(electors[place].rosterMoves, moves)
        electors[place].grantedEpoch = epoch
        electors[place].grantedRound = max(electors[place].grantedRound, round)
        electors[place].answered = true
        electors[place].refused = false
        if electors[place].rosterHash == roster.hash {
            electors[place].isElsewhere = false
        } else if held.electedAt != nil {
            offerRoster(place)
        }
    }

    mutating func countRejection(_ rejection: Rejection) {
        guard learn(epoch: rejection.maxEpoch, from: rejection.voter) else { return }
        if rejection.isReturn && index(of: rejection.voter) == nil {
            // It left this view and gives its grant back: nothing is held of it.
            send(.release(epoch: rejection.epoch), to: rejection.voter)
            return
        }
        guard let held = lease, rejection.epoch == held.epoch, held.round(rejection.round) != nil,
            let place = index(of: rejection.voter), rejection.round >= electors[place].grantedRound
        else { return }
        electors[place].rejectedRound = max(electors[place].rejectedRound, rejection.round)
        if rejection.isLeaving { takeOff(leaver: rejection.voter) }
        if rejection.holder != selfID {
            electors[place].validUntil = .zero
        }
        electors[place].refused = true
        electors[place].answered = held.electedAt != nil
        if rejection.isReturn {
            // It stops or falls asleep and gives its grant back: agree, so that it may say so on disk.
            // No answer that is still on its way may count again.
            electors[place].silent = true
            electors[place].rejectedRound = lastRound
            send(.release(epoch: held.epoch), to: rejection.voter)
        } else if let other = rejection.holder, other != selfID {
            remindOfLease()
            considerMerge(with: other)
        } else if rejection.maxEpoch >= held.epoch {
            electors[place].refused = false
            wantTerm()
        }
    }

    /// A higher epoch is needed; at most one new term per renewal (per retransmission while the election runs).
    mutating func wantTerm() {
        guard let held = lease else { return }
        if now >= held.openedAt + (held.electedAt == nil ? configuration.retransmit : renewalInterval) {
            openTerm()
        } else {
            lease?.reopenWanted = true
        }
    }

    /// Opens term max + 1 in place: the same holder, a higher epoch. What the peers gave stays held meanwhile.
    mutating func openTerm() {
        lease?.reopenWanted = false
        let epoch = highestSeen + 1
        guard let held = lease, Self.isPossible(epoch: epoch), grant == nil || grant?.router == selfID,
            cast(for: selfID, epoch: epoch, round: nextRound(), length: held.length) == .granted
        else { return }
        lease?.epoch = epoch
        lease?.openedAt = now
        lease?.counter = 0
        actions.append(.note(.stood(epoch: epoch)))
        sendRequests()
        if held.electedAt != nil && !held.lapsed {
            actions.append(.note(.elected(epoch: epoch, mode: mode(now: now))))
            announce()
        }
    }

    /// Check-quorum: turns what is held into the role and back.
    mutating func checkQuorum() {
        guard let held = lease else { return }
        if let grant, grant.router != selfID {
            dropLease(.lostMajority)
            return
        }
        if hasMajority(held) || held.electedAt != nil && !held.lapsed && leaveOutSilentSuspects() && hasMajority(held) {
            if held.electedAt == nil || held.lapsed {
                win()
            }
            return
        }
        if held.electedAt == nil {
            if now >= held.deadline || !held.patient && isHopeless {
                loseElection()
            }
        } else if !held.lapsed {
            lease?.lapsed = true
            lease?.deadline = now + configuration.electionTimeout
            actions.append(.note(.steppedDown(epoch: held.epoch, .lostMajority)))
            withdraw()
        } else if now >= held.deadline || domainSize(held) == 0 {
            dropLease(.lostMajority)
        }
    }

    private func hasMajority(_ held: HeldLease) -> Bool {
        let (mine, size) = count(held, now: now)
        return 2 * mine > size
    }

    private mutating func win() {
        guard var held = lease else { return }
        if held.electedAt == nil { held.majorityAsOf = lostMajorityAsOf.flatMap { now < $0 + .seconds(10) ? $0 : nil } ?? now }
        lostMajorityAsOf = nil
        held.electedAt = held.electedAt ?? now
        held.lapsed = false
        lease = held
        failures = 0
        actions.append(.note(.elected(epoch: held.epoch, mode: mode(now: now))))
        announce()
    }

    /// Suspects that left three requests unanswered do not count (view'); true when there was one.
    private mutating func leaveOutSilentSuspects() -> Bool {
        var found = false
        for place in electors.indices
        where electors[place].suspect && !electors[place].silent && electors[place].unanswered >= 3
            && electors[place].validUntil <= now
        {
            electors[place].silent = true
            found = true
        }
        return found
    }

    /// So many have refused that no majority can come.
    private var isHopeless: Bool {
        var possible = 1
        var size = 1
        for elector in electors where !elector.silent {
            size += 1
            possible += elector.refused ? 0 : 1
        }
        return 2 * possible <= size
    }

    /// Gives everything back and forgets it; the pause before standing again is the caller's.
    mutating func dropLease(_ reason: StepDownReason, to successor: PeerID? = nil) {
        standing = .resting
        if reason == .lostMajority { withdraw() }
        guard let held = lease else { return }
        lease = nil
        if held.electedAt != nil && !held.lapsed {
            actions.append(.note(.steppedDown(epoch: held.epoch, reason)))
        }
        if held.electedAt != nil { lostMajorityAsOf = reason == .lostMajority ? held.majorityAsOf : nil }
        if let grant, grant.router == selfID {
            endGrant()
        }
        for place in electors.indices {
            let old = electors[place].grantedEpoch
            for epoch in old == 0 || old == held.epoch ? [held.epoch] : [old, held.epoch] {
                let message = successor.map { LeaseMessage.handOver(epoch: epoch, successor: $0) } ?? .release(epoch: epoch)
                send(message, to: electors[place].id)
            }
            electors[place].forgetGrant()
        }
    }
}
