internal import Gossip
internal import NIOCore
internal import Routing

extension LaneRequest {
    /// Whose request it is and how urgent. Only a peer may say whose: a client that names itself anew each time would never queue.
    func makeTurn() -> Turn {
        let client = front?.isMesh == true ? hop.client : nil
        let keyed = client ?? front?.keyName.map { ModelKey(name: "key:\($0)").rawValue }
        let waited = front?.isMesh == true ? hop.waitedMilliseconds : 0
        return Turn(client: keyed ?? front?.clientDigest ?? 0, priority: priority, waited: .milliseconds(waited))
    }

    /// The same with the time that it has waited in line.
    func agedTurn(_ now: Instant) -> Turn {
        guard waitStarted != nil || waited > .zero else { return turn }
        var aged = turn
        aged.waited = waitedSoFar(now)
        return aged
    }

    /// `X-Fleet-Priority`; other words are as if nothing was said.
    private var priority: RequestPriority {
        guard head.has(.fleet) else { return .normal }
        return head.first(name: "x-fleet-priority").flatMap(RequestPriority.init(word:)) ?? .normal
    }

    // MARK: Waiting because every machine is busy (mesh protocol §8.2.5-6, without a router)

    /// Stands in line, or says that the line is full.
    func park(limit: Duration) {
        let now = LaneClock.now
        if waitStarted == nil { waitStarted = now }
        waitLimit = max(waitLimit, min(limit, ownPatience ?? limit))
        if isWaitOver(now) { return giveUp() }
        let candidates = plan?.ranking.candidates ?? []
        let model = ModelKey(name: candidates.first?.servedModel ?? query.model)
        let id = lineID ?? loop.makeID()
        let waiter = lineWaiter(candidates, now)
        guard let position = laneState.joinLine(id, model: model, peers: candidates.map(\.peer), turn: turn, waiter: waiter)
        else {
            return fail(lineIsFull(model), as: .rejected)
        }
        lineID = id
        state = .parked
        if pendingAt == nil, let first = candidates.first {
            let place = (node: plan?.name(of: first.peer) ?? "", model: first.servedModel)
            pendingAt = place
            laneState.pending(node: place.node, model: place.model, by: 1)
        }
        if linePosition == nil { linePosition = position }
        sayPosition(position, now)
        armPoll(now)
    }

    private func armPoll(_ now: Instant) {
        pollTimer?.cancel()
        let left = waitLimit - waitedSoFar(now)
        let pause = min(loop.pollPause(settings.pollPause), max(.zero, left))
        pollTimer = loop.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(pause)) { [weak self] in self?.pollFired() }
    }

    private func pollFired() {
        guard state == .parked, let lineID else { return }
        pollTimer = nil
        let now = LaneClock.now
        if isWaitOver(now) { return giveUp() }
        if laneState.mayTry(lineID) { return beginRound() }
        if let position = laneState.position(of: lineID) { sayPosition(position, now) }
        armPoll(now)
    }

    /// A slot may be free somewhere: this request is the first that can use it.
    func woken() {
        guard state == .parked else { return }
        pollTimer?.cancel()
        pollTimer = nil
        beginRound()
    }

    /// All waiting so far, in line and for slots: together they have one limit.
    func waitedSoFar(_ now: Instant) -> Duration {
        waited + slotWaited + (waitStarted.map { now - $0 } ?? .zero) + (slotWaitStarted.map { now - $0 } ?? .zero)
    }

    /// When the waiting ends at the latest.
    func waitEnd(_ now: Instant) -> Instant { now + (waitLimit - waitedSoFar(now)) }

    private func isWaitOver(_ now: Instant) -> Bool { waitedSoFar(now) >= waitLimit }

    /// A machine took the request, or it is over: the next in line may try.
    func leaveLine() {
        pollTimer?.cancel()
        pollTimer = nil
        if let since = waitStarted {
            waited = waited + (LaneClock.now - since)
            waitStarted = nil
        }
        if let id = lineID {
            lineID = nil
            laneState.leaveLine(id)
        }
        leaveFetches()
        if let place = pendingAt {
            pendingAt = nil
            laneState.pending(node: place.node, model: place.model, by: -1)
        }
    }

    private func giveUp() {
        let position = lineID.flatMap { laneState.position(of: $0) } ?? 1
        let hint = waitHint(position: position)
        var failure: LaneFailure
        if plan?.ranking.candidates.isEmpty == true {
            failure = LaneFailure(
                503, "no machine that has '\(query.model)' can serve it now\(unavailableReasons)",
                retryAfterSeconds: hint.retryAfterSeconds)
        } else {
            failure = LaneFailure(
                503,
                "every machine that can serve '\(query.model)' is busy (position \(position) in the queue\(hint.words)): "
                    + "try again later", retryAfterSeconds: hint.retryAfterSeconds)
            failure.hint = hint
        }
        fail(failure, as: .failed)
    }

    private var unavailableReasons: String {
        guard let plan else { return "" }
        let words = plan.ranking.eliminated.filter { $0.reason != .modelMissing }.prefix(5)
            .map { "\(plan.name(of: $0.peer)) \($0.reason.rawValue)" }
        return words.isEmpty ? "" : " (" + words.joined(separator: ", ") + ")"
    }
}
