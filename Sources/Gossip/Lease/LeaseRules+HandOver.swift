/// Leaving in order: hand-over to a better class and at the end of the program (§7.7, §7.8).
extension LeaseRules {
    /// Hands over to a peer of a higher class that was alive for a minute and obeys this one; at most once in five minutes.
    mutating func preferBetterClass() {
        guard lease != nil, isRouter(now: now), lastPreference.map({ now >= $0 + .seconds(300) }) ?? true else { return }
        let better = successor { elector in
            elector.candidacy.priorityClass > candidacy.priorityClass
                && elector.aliveSince.map { now >= $0 + .seconds(60) } ?? false
        }
        guard let better else { return }
        lastPreference = now
        dropLease(.handedOver, to: better)
        reservation = Until(id: better, end: now + configuration.handOverReservation)
    }

    /// The best peer that obeys this one and satisfies `condition`.
    private func successor(where condition: (Elector) -> Bool) -> PeerID? {
        var best: Elector?
        for elector in electors
        where elector.candidacy.eligible && !elector.suspect && !elector.silent && elector.validUntil > now
            && elector.grantedEpoch == lease?.epoch && condition(elector)
        {
            if best.map({ Self.key(elector) > Self.key($0) }) ?? true {
                best = elector
            }
        }
        return best?.id
    }

    private static func key(_ elector: Elector) -> (UInt8, Int, Int) {
        (elector.candidacy.priorityClass, elector.candidacy.steady ? 1 : 0, elector.candidacy.seasoned ? 1 : 0)
    }

    /// The program stops: the role goes to a successor or back to everybody, and the own grant to its holder.
    mutating func shutDown() {
        guard !stopping else { return }
        stopping = true
        standing = .resting
        if lease != nil {
            let next = isRouter(now: now) ? successor { _ in true } : nil
            if !suspended { takeOffSelf() }
            dropLease(next == nil ? .shutdown : .handedOver, to: next)
        }
        returnAttempts = 0
        nextReturn = now
    }

    /// The machine is about to sleep: as at the end of the program, until `resume`.
    mutating func suspend() {
        guard !stopping else { return }
        suspended = true
        suspensionEnd = now + .seconds(10)
        shutDown()
    }

    /// The machine slept, or was about to: nothing that was held before counts, and the rules go on.
    mutating func resume() {
        dropLease(.resumed)
        endSuspension()
    }

    /// Back to life after a sleep, or ten seconds after one was announced that did not come.
    mutating func endSuspension() {
        guard suspended else { return }
        suspended = false
        stopping = false
        nextReturn = .distantFuture
    }

    /// While stopping: tells the holder that its grant ends here, a few times, until it agrees. Only then, or when the grant
    /// has run out, a restart has nothing to wait for.
    mutating func returnGrant() {
        guard let held = grant else {
            nextReturn = .distantFuture
            if !durable.cleanExit && writable && now >= quarantineEnd {
                durable.cleanExit = true
                actions.append(.persist(durable))
            }
            return
        }
        guard now >= nextReturn else { return }
        returnAttempts += 1
        nextReturn = returnAttempts < 5 ? now + configuration.retransmit : .distantFuture
        let message = LeaseMessage.rejected(
            epoch: held.epoch, round: held.round, maxEpoch: durable.maxEpoch, holder: selfID,
            remainingMilliseconds: suspended ? Self.sleeps : 0)
        send(message, to: held.router)
    }
}
