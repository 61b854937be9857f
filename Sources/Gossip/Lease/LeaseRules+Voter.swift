/// The voter: whom this peer obeys (§7.6), and what it must remember for it.
extension LeaseRules {
    /// What becomes of a request.
    enum Verdict {
        case granted
        case rejected
        /// No answer: the voter may not decide now.
        case ignored
    }

    /// Ends what has run out.
    mutating func expire() {
        if let grant, now >= grant.expiry {
            let router = grant.router
            endGrant()
            if router != selfID {
                oldHolder = router
                // What it announced while it was obeyed says nothing of what it holds now.
                forgetRecord(of: router)
            }
        }
        if suspended, now >= suspensionEnd { endSuspension() }
        if let reserved = reservation, now >= reserved.end {
            reservation = nil
        }
        if let heard = heardRouter, now >= heard.end {
            heardRouter = nil
        }
    }

    /// Forgets the grant.
    mutating func endGrant() {
        guard let old = grant else { return }
        grant = nil
        routerlessSince = now
        actions.append(.note(.ended(of: old.router, epoch: old.epoch)))
    }

    /// The voter's rule for one request, this peer's own included. Persists before the grant counts.
    mutating func cast(for candidate: PeerID, epoch: UInt64, round: UInt32, length: Duration) -> Verdict {
        guard now >= quarantineEnd, !stopping else { return .ignored }
        let expiry = now + configuration.voterLength(length)
        #if MUTANTS
        if configuration.mutant == .lowerEpoch, let held = grant, held.router == candidate, held.epoch > epoch {
            grant = Grant(router: candidate, epoch: epoch, expiry: max(held.expiry, expiry), round: round)
            return .granted
        }
        #endif
        if let held = grant, held.router == candidate, held.epoch == epoch {
            guard remember(epoch: durable.maxEpoch, length: length, always: false) else { return .ignored }
            grant?.expiry = max(held.expiry, expiry)
            grant?.round = max(held.round, round)
            actions.append(.note(.renewed(to: candidate, epoch: epoch, until: max(held.expiry, expiry))))
            return .granted
        }
        guard grant == nil || grant?.router == candidate, reservation == nil || reservation?.id == candidate,
            epoch > durable.maxEpoch
        else { return .rejected }
        guard remember(epoch: epoch, length: length, always: true) else { return .ignored }
        // The same holder may still count on what an older term gave it: never shorten that.
        let until = max(expiry, grant?.expiry ?? expiry)
        endGrant()
        grant = Grant(router: candidate, epoch: epoch, expiry: until, round: round)
        reservation = nil
        heardRouter = nil
        oldHolder = nil
        actions.append(.note(.granted(to: candidate, epoch: epoch, until: until)))
        if candidate != selfID {
            standing = .resting
            failures = 0
            backOffUntil = .zero
        }
        return .granted
    }

    /// Makes the durable state cover a grant; false when it would have to be written and cannot.
    private mutating func remember(epoch: UInt64, length: Duration, always: Bool) -> Bool {
        let longest = max(5_000, UInt32(clamping: length.wholeMilliseconds))
        guard always || longest > durable.longestGrantMilliseconds else { return true }
        guard writable else { return false }
        durable.maxEpoch = max(durable.maxEpoch, epoch)
        durable.longestGrantMilliseconds = max(durable.longestGrantMilliseconds, longest)
        durable.cleanExit = false
        highestSeen = max(highestSeen, epoch)
        actions.append(.persist(durable))
        return true
    }

    /// The disk fails or works again. A grant whose row could not be written was never given: a renewal would answer it without
    /// another try to write, and a crash would forget it.
    /// One whose row is on disk was answered, and stays.
    mutating func storageChanged(_ writable: Bool, onDisk row: DurableLease?) {
        self.writable = writable
        guard !writable, let row, let lost = grant, lost.epoch > row.maxEpoch else { return }
        if lost.router == selfID { dropLease(.lostMajority) }
        endGrant()
    }

    mutating func answerRequest(of candidate: PeerID, epoch: UInt64, round: UInt32, lengthMilliseconds: UInt16) {
        guard epoch > 0, (1_000...10_000).contains(lengthMilliseconds), learn(epoch: epoch, from: candidate) else { return }
        if stopping {
            returnAttempts = 0
            nextReturn = now
            // The last word of a router that left may have been lost.
            if !suspended && !roster.contains(selfID) && roster.peers.count <= RosterNews.mostTold {
                send(.roster(.whole(roster, moves: durable.rosterMoves)), to: candidate)
            }
            return
        }
        let length = Duration.milliseconds(Int64(lengthMilliseconds))
        switch cast(for: candidate, epoch: epoch, round: round, length: length) {
        case .granted:
            followed = (length, now)
            acknowledge(epoch: epoch, round: round, to: candidate)
            return
        case .rejected:
            let held = grant.map { Until(id: $0.router, end: $0.expiry) } ?? reservation
            let remaining =
                held.map { UInt16(clamping: max(Self.sleeps + 1, UInt16(clamping: ($0.end - now).wholeMilliseconds))) } ?? 0
            let message = LeaseMessage.rejected(
                epoch: epoch, round: round, maxEpoch: durable.maxEpoch, holder: held?.id, remainingMilliseconds: remaining)
            send(message, to: candidate)
        case .ignored:
            break
        }
        if grant == nil {
            heardRouter = Until(id: candidate, end: now + configuration.voterLength(length))
        }
        // Two holders meet: tell the other one who this is, so that the merge rule can decide.
        remindOfLease()
    }

    mutating func answerPreVote(of candidate: PeerID, round: UInt32) {
        guard now >= quarantineEnd, !stopping else { return }
        forgetRecord(of: candidate)
        send(.preVoteReply(round: round, yes: wouldGrant(candidate), maxEpoch: highestSeen), to: candidate)
    }

    /// The pre-vote rule: nobody else is obeyed or was heard, and no better class is about to stand. The last part is a head
    /// start of one election, not a veto for good: the better peer may be unable to stand.
    private func wouldGrant(_ candidate: PeerID) -> Bool {
        guard writable, grant == nil || grant?.router == candidate, reservation == nil || reservation?.id == candidate,
            heardRouter == nil || heardRouter?.id == candidate
        else { return false }
        guard now < routerlessSince + configuration.electionTimeout, let place = index(of: candidate) else { return true }
        let its = electors[place].candidacy.priorityClass
        if mayStand && candidacy.priorityClass > its { return false }
        return !electors.contains {
            $0.id != candidate && $0.id != oldHolder && !$0.suspect && !$0.silent && $0.candidacy.eligible
                && $0.candidacy.priorityClass > its
        }
    }

    mutating func acceptRelease(of holder: PeerID, epoch: UInt64) {
        guard Self.isPossible(epoch: epoch) else { return }
        retire(holder, epoch: epoch)
        if heardRouter?.id == holder {
            heardRouter = nil
        }
        if let grant, grant.router == holder, grant.epoch == epoch {
            endGrant()
        }
        #if MUTANTS
        if configuration.mutant == .releaseWithoutEpoch, grant?.router == holder { endGrant() }
        #endif
        // Its peers are free now: ask those again that are not held.
        for place in electors.indices where electors[place].validUntil <= now {
            electors[place].answered = false
        }
    }

    mutating func acceptHandOver(of holder: PeerID, epoch: UInt64, to successor: PeerID) {
        guard let held = grant, held.router == holder, held.epoch == epoch else { return }
        retire(holder, epoch: epoch)
        endGrant()
        lastPreference = now
        if let place = index(of: holder) {
            electors[place].silent = true
        }
        reservation = Until(id: successor, end: now + configuration.handOverReservation)
        if successor == selfID && mayStand {
            stand(patient: true)
        }
    }

    /// Sound proof of death frees at once; silence never does.
    mutating func bury(_ id: PeerID) {
        if let held = grant, held.router == id, id != selfID {
            endGrant()
            oldHolder = id
        }
        if heardRouter?.id == id { heardRouter = nil }
        if reservation?.id == id { reservation = nil }
        forgetRecord(of: id)
        if let place = index(of: id) {
            electors[place].silent = true
            electors[place].validUntil = .zero
        }
    }

    /// A message of this peer came in: it lives.
    mutating func heard(_ id: PeerID) {
        if oldHolder == id {
            oldHolder = nil
        }
        if let place = index(of: id) {
            electors[place].silent = false
            electors[place].unanswered = 0
        }
    }

    mutating func send(_ message: LeaseMessage, to peer: PeerID) {
        actions.append(.send(message, to: peer))
    }
}
