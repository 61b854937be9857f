internal import Gossip
internal import NIOCore
internal import Routing

extension LaneRequest {
    /// Whose request it is and how urgent. Only a peer may say whose: a client that names itself anew each time would never queue.
    func makeTurn() -> Turn {
        let client = front?.isMesh == true ? hop.client : nil
        let keyed = client ?? front?.keyName.map { ModelKey(name: "key:\($0)").rawValue }
        return Turn(client: keyed ?? front?.clientDigest ?? 0, priority: priority)
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
        waitLimit = max(waitLimit, limit)
        if isWaitOver(now) { return giveUp() }
        let candidates = plan?.ranking.candidates ?? []
        let model = ModelKey(name: candidates.first?.servedModel ?? query.model)
        let id = lineID ?? loop.makeID()
        let woken = wake { $0.woken() }
        guard laneState.joinLine(id, model: model, peers: candidates.map(\.peer), turn: turn, wake: woken) != nil else {
            let full = LaneFailure(
                503, "every machine is busy and the queue is full: try again later", retryAfterSeconds: retryAfter(position: 1))
            return fail(full, as: .rejected)
        }
        lineID = id
        state = .parked
        if pendingAt == nil, let first = candidates.first {
            let place = (node: plan?.name(of: first.peer) ?? "", model: first.servedModel)
            pendingAt = place
            laneState.pending(node: place.node, model: place.model, by: 1)
        }
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
        if laneState.mayTry(lineID) { beginRound() } else { armPoll(now) }
    }

    /// A slot may be free somewhere: this request is the first that can use it.
    private func woken() {
        guard state == .parked else { return }
        pollTimer?.cancel()
        pollTimer = nil
        beginRound()
    }

    /// All waiting so far, in line and for slots: together they have one limit.
    func waitedSoFar(_ now: Instant) -> Duration {
        waited + slotWaited + (waitStarted.map { now - $0 } ?? .zero) + (slotWaitStarted.map { now - $0 } ?? .zero)
    }

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
        let seconds = retryAfter(position: position)
        if plan?.ranking.candidates.isEmpty == true {
            let failure = LaneFailure(
                503, "no machine that has '\(query.model)' can serve it now\(unavailableReasons)", retryAfterSeconds: seconds)
            return fail(failure, as: .failed)
        }
        let text =
            "every machine that can serve '\(query.model)' is busy (position \(position) in the queue, about \(seconds) s): "
        fail(LaneFailure(503, text + "try again later", retryAfterSeconds: seconds), as: .failed)
    }

    private var unavailableReasons: String {
        guard let plan else { return "" }
        let words = plan.ranking.eliminated.filter { $0.reason != .modelMissing }.prefix(5)
            .map { "\(plan.name(of: $0.peer)) \($0.reason.rawValue)" }
        return words.isEmpty ? "" : " (" + words.joined(separator: ", ") + ")"
    }

    /// Whole seconds after which a place may be free: by the latency history, 2 s per request without one.
    private func retryAfter(position: Int) -> Int {
        let candidates = plan?.ranking.candidates ?? []
        let known = candidates.first.flatMap { laneState.latencyP75(peer: $0.peer, model: ModelKey(name: $0.servedModel)) }
        let estimate = (known ?? 2_000) * Double(position) / Double(max(1, candidates.count)) / 1_000
        return Int(min(120, max(1, estimate.rounded(.up))))
    }
}
