internal import Gossip
internal import NIOCore
internal import Routing

extension LaneRequest {
    // MARK: Rounds of tries at the peer that the client talks to (mesh protocol §8.2)

    /// Ranks and tries, unless others wait for the same model already.
    func startEntry() {
        let now = LaneClock.now
        if route.isManagement { return startManagement() }
        if scan.wantsCache, let cache = settings.cache, answersFromCache(cache) { return }
        plan = makePlan(now)
        standIn(now)
        if plan?.othersWait == true, let first = plan?.ranking.candidates.first,
            laneState.mustQueue(first.key, turn, now: now)
        {
            return park(limit: limits.ticketWait)
        }
        runRound(now)
    }

    /// Coding assistants ask for their vendor's models: the fleet's best answers where nobody has one of that name.
    private func standIn(_ now: Instant) {
        guard route.takesStandIns, let plan, !plan.ranking.modelKnown, plan.ranking.candidates.isEmpty, fallbackAllowed else {
            return
        }
        query.fallbackModels += settings.standIns.names(for: query, in: plan.view)
        self.plan = makePlan(now)
    }

    /// One more round with a fresh ranking.
    func beginRound() {
        let now = LaneClock.now
        plan = makePlan(now)
        runRound(now)
    }

    private func runRound(_ now: Instant) {
        triedThisRound.removeAll(keepingCapacity: true)
        busyThisRound = 0
        roundStarted = now
        tryNext()
    }

    /// Tries the best machine that this round has not tried yet.
    func tryNext() {
        while state != .done {
            let now = LaneClock.now
            let isLate = busyThisRound > 0 && now - roundStarted > settings.busyWindow
            let isOver = triedThisRound.count >= limits.maxTries || retryCount >= limits.maxTries
            // Somebody else's slow answer does not keep a request from this machine, which says at once whether it has a slot.
            guard !isOver,
                let next = plan?.ranking.candidates.first(where: {
                    !triedThisRound.contains($0.peer) && (!isLate || $0.peer == plan?.view.selfID) && !standsBack($0, now)
                })
            else { return roundOver() }
            if !next.isLoaded, asksDesk(next, now) { return }
            triedThisRound.append(next.peer)
            if start(next, now: now) { return }
        }
    }

    /// Starts an attempt; false when it ended at once and the next one is due.
    private func start(_ candidate: Candidate, now: Instant) -> Bool {
        attemptCount += 1
        translatedCounts = nil
        let new = Attempt(
            number: attemptCount, candidate: candidate, node: plan?.name(of: candidate.peer) ?? "", peer: candidate.peer,
            model: ModelKey.canonical(candidate.servedModel), started: now)
        attempt = new
        if candidate.peer == plan?.view.selfID { return startHere(new, candidate, now: now) }
        guard let endpoint = plan?.view.member(candidate.peer)?.endpoint, let address = loop.address(of: endpoint) else {
            return attemptFailed("no address of it is known", retriesNow: false)
        }
        new.address = address
        new.host = endpoint.description
        dispatch()
        connect(fresh: false)
        return true
    }

    private func startHere(_ new: Attempt, _ candidate: Candidate, now: Instant) -> Bool {
        guard let engine = plan?.backends.first(where: { $0.id == candidate.backend }) else {
            return attemptFailed("its engine \(candidate.backend) is gone", retriesNow: false)
        }
        new.backend = engine
        new.address = engine.address
        new.host = engine.authority
        if route.isManagement {
            ask()
            return true
        }
        let id = loop.makeID()
        let (admission, load) = laneState.admit(
            id, model: new.key, backend: engine.id, turn: agedTurn(now), now: now, waiter: slotWaiter(id))
        switch admission {
        case .busy(let busy):
            return attemptBusy(busy.reason, retriesNow: false)
        case .wait:
            slot = id
            loadAtAdmission = load
            slotWaitStarted = now
            leaveLine()
            state = .slotWait
            lastActivity = loop.now
        case .run:
            slot = id
            loadAtAdmission = load
            leaveLine()
            dispatch()
            ask()
        }
        return true
    }

    /// Counts the attempt as sent to its machine.
    func dispatch() {
        guard !route.isManagement, let attempt, attempt.candidate != nil, !attempt.isDispatched else { return }
        attempt.isDispatched = true
        laneState.dispatched(attempt)
    }

    /// A slot of this machine came free for this request.
    func slotGranted(_ id: UInt64) {
        guard slot == id, let since = slotWaitStarted else { return }
        let now = LaneClock.now
        slotWaited = slotWaited + (now - since)
        slotWaitStarted = nil
        attempt?.servedSince = now
        guard state == .slotWait else { return }
        dispatch()
        ask()
    }

    /// The engine is gone for which this request waited; the place is gone with it.
    func slotLost(_ id: UInt64) {
        guard slot == id else { return }
        slot = nil
        slotWaitStarted = nil
        attemptFailed("its engine is gone")
    }

    func slotWaiter(_ id: UInt64) -> SlotWaiter {
        SlotWaiter(
            request: self.id, model: attempt?.model ?? ModelKey.canonical(hop.model ?? query.model),
            granted: wake { $0.slotGranted(id) }, lost: wake { $0.slotLost(id) }, moved: wake { $0.slotMoved(id) })
    }

    // MARK: How attempts end

    /// The machine is busy: the next one.
    @discardableResult
    func attemptBusy(_ reason: String, retriesNow: Bool = true) -> Bool {
        busyThisRound += 1
        noteHold(LaneClock.now)
        endAttempt(.busy, verdict: "busy", reason: reason)
        if retriesNow { tryNext() }
        return false
    }

    /// The machine failed before the first body byte: the next one, by a fresh ranking without it.
    @discardableResult
    func attemptFailed(_ reason: String, retriesNow: Bool = true) -> Bool {
        let node = attempt?.node ?? ""
        lastProblem = "\(node): \(reason)"
        if let peer = attempt?.peer, !query.excluded.contains(peer) { query.excluded.append(peer) }
        retryCount += 1
        traceAttempt(reason)
        endAttempt(.failed, verdict: "failed", reason: reason)
        guard !isTarget else {
            fail(LaneFailure(502, lastProblem), as: .failed)
            return true
        }
        laneState.count { $0.retried += 1 }
        plan = makePlan(LaneClock.now)
        if retriesNow { tryNext() }
        return false
    }

    /// Takes the attempt down: its slot, its connection, its counts.
    func endAttempt(_ outcome: LaneState.Outcome, verdict: String?, reason: String) {
        let now = LaneClock.now
        if let held = slot {
            slot = nil
            if let since = slotWaitStarted { slotWaited = slotWaited + (now - since) }
            slotWaitStarted = nil
            let ranToEnd = if case .completed = outcome { true } else { false }
            laneState.release(held, ranToEnd: ranToEnd, now: now)
        }
        if let connection = back {
            back = nil
            connection.close()
        }
        upstream = nil
        translatedCounts = translation?.counts
        translation = nil
        payloadBytes.clear()
        guard let old = attempt else { return }
        attempt = nil
        lastAttempt = old
        if let candidate = old.candidate {
            if old.isDispatched {
                laneState.ended(old, outcome: outcome, now: now)
            } else if case .busy = outcome {
                laneState.refused(candidate, now: now)
            }
        }
        if let verdict {
            tries.append(
                RequestTrace.Try(
                    peer: laneState.hex(of: old.peer), node: old.node, verdict: verdict, reason: reason,
                    milliseconds: (now - old.started).milliseconds))
            if tries.count > 64 { tries.removeFirst() }
        }
    }

    // MARK: How rounds end

    private func roundOver() {
        if retryCount >= limits.maxTries { return failForGood() }
        if busyThisRound > 0 { return park(limit: limits.ticketWait) }
        if retryCount > 0 { return failForGood() }
        guard let plan else { return }
        if !plan.ranking.modelKnown, asksEnsemble() || fetchesModel() { return }
        if !plan.ranking.modelKnown { return fail(.modelNotFound(query.model, route: route), as: .rejected) }
        if loadsOnly, query.kind != .embed {
            query.kind = .embed
            return beginRound()
        }
        switch Unservable(plan: plan, query: query, route: route) {
        case .forGood(let failure): fail(failure, as: .rejected)
        case .forNow: park(limit: settings.unavailableWait)
        }
    }

    /// A generate request without a prompt loads or unloads its model, which may be one for embeddings.
    private var loadsOnly: Bool { route == .generate && scan.textBytes == 0 && scan.imageCount == 0 }

    /// Every try failed: the engine's own error if there is one, else what happened.
    private func failForGood() {
        if let held = heldError { return answer(held) }
        fail(LaneFailure(502, "no machine could serve '\(query.model)': \(lastProblem)"), as: .failed)
    }
}
