/// The candidate: waiting by rank, the pre-vote, the election (§7.6).
extension LeaseRules {
    /// Nothing forbids this peer to stand now.
    var mayStand: Bool {
        viewKnown && candidacy.eligible && writable && !stopping && now >= quarantineEnd && lease == nil
            && (grant == nil || grant?.router == selfID) && (reservation == nil || reservation?.id == selfID)
            && heardRouter == nil && Self.isPossible(epoch: highestSeen + 1)
    }

    /// One step on the way to a candidacy.
    mutating func campaign() {
        guard mayStand else {
            standing = .resting
            return
        }
        if electors.isEmpty {
            stand(patient: false)
            return
        }
        switch standing {
        case .resting:
            let jitter = generator.duration(below: .milliseconds(50))
            standing = .waiting(until: max(now, backOffUntil) + .milliseconds(Int64(75 * min(rank, 4))) + jitter)
        case .waiting(let until):
            if now >= until {
                ask(round: nextRound(), attempts: 1)
            }
        case .asking(let round, let attempts, let next):
            guard now >= next else { return }
            if attempts < 3 {
                ask(round: round, attempts: attempts + 1)
            } else {
                closePreVote()
            }
        }
    }

    /// How many peers of the view rank before this one. The holder that fell silent does not count.
    private var rank: Int {
        func key(_ candidacy: Candidacy) -> (Int, Int, Int) {
            (Int(candidacy.priorityClass), candidacy.steady ? 1 : 0, candidacy.seasoned ? 1 : 0)
        }
        let mine = key(candidacy)
        var before = 0
        for elector in electors where elector.candidacy.eligible && !elector.suspect && !elector.silent && elector.id != oldHolder
        {
            let its = key(elector.candidacy)
            if its > mine || its == mine && elector.id < selfID {
                before += 1
            }
        }
        return before
    }

    /// Sends the pre-vote to everybody who has not said yes. A no is asked again: grants run out at slightly different times.
    private mutating func ask(round: UInt32, attempts: Int) {
        standing = .asking(round: round, attempts: attempts, next: now + configuration.retransmit)
        for place in electors.indices {
            if attempts == 1 {
                electors[place].preVote = nil
            }
            if electors[place].preVote != true {
                send(.preVote(round: round), to: electors[place].id)
            }
        }
        standIfAgreed()
    }

    mutating func countPreVote(of voter: PeerID, round: UInt32, yes: Bool, maxEpoch: UInt64) {
        guard learn(epoch: maxEpoch, from: voter) else { return }
        guard case .asking(let current, _, _) = standing, current == round, let place = index(of: voter) else { return }
        electors[place].preVote = yes
        if mayStand {
            standIfAgreed()
        }
    }

    @discardableResult
    private mutating func standIfAgreed() -> Bool {
        var yes = 1
        var size = 1
        for elector in electors where !elector.silent {
            size += 1
            yes += elector.preVote == true ? 1 : 0
        }
        guard 2 * yes > size else { return false }
        stand(patient: false)
        return true
    }

    /// Three attempts are over: the old holder and the suspects that stayed silent no longer count (view').
    private mutating func closePreVote() {
        for place in electors.indices where electors[place].preVote == nil {
            if electors[place].suspect || electors[place].id == oldHolder {
                electors[place].silent = true
            }
        }
        if !standIfAgreed() {
            standing = .resting
            backOffUntil = now + backOff(0)
        }
    }

    /// U(150, 600)·2^k ms, at most 5 s.
    private mutating func backOff(_ doublings: Int) -> Duration {
        let base = .milliseconds(150) + generator.duration(below: .milliseconds(450))
        return min(base * (1 << min(doublings, 5)), .seconds(5))
    }

    /// Opens an election. This peer is its own first voter, so the epoch is durable before anybody hears of it.
    mutating func stand(patient: Bool) {
        let epoch = highestSeen + 1
        inheritLength()
        let length = leaseLength()
        standing = .resting
        let round = nextRound()
        guard Self.isPossible(epoch: epoch), cast(for: selfID, epoch: epoch, round: round, length: length) == .granted
        else { return }
        for place in electors.indices {
            electors[place].forgetGrant()
        }
        lease = HeldLease(
            epoch: epoch, openedAt: now, length: length, deadline: now + configuration.electionTimeout, patient: patient,
            nextRenewal: now, nextRetransmit: now)
        actions.append(.note(.stood(epoch: epoch)))
        sendRequests()
    }

    /// The election failed: everything back, and a pause that grows.
    mutating func loseElection() {
        dropLease(.lostMajority)
        backOffUntil = now + backOff(failures)
        failures += 1
    }
}
