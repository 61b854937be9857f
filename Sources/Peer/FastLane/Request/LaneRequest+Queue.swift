internal import Gossip
internal import NIOCore
internal import Routing

extension LaneRequest {
    // MARK: What is told of waiting

    /// `X-Fleet-Deadline-Ms`: how long the client wants to wait for a machine; nil where it does not say.
    var ownPatience: Duration? {
        guard head.has(.fleet), let text = head.first(name: "x-fleet-deadline-ms"), let value = Int64(text), value >= 0 else {
            return nil
        }
        return .milliseconds(min(value, 86_400_000))
    }

    /// What the line shows of this request.
    func lineWaiter(_ candidates: [Candidate], _ now: Instant) -> LineWaiter {
        let reason: QueueReason =
            if candidates.isEmpty {
                .unavailable
            } else if !candidates.contains(where: \.isLoaded), candidates.contains(where: \.isLoading) {
                .loading
            } else {
                .busy
            }
        let shown = candidates.first { reason != .loading || $0.isLoading }
        return LineWaiter(
            request: id, model: ModelKey.canonical(candidates.first?.servedModel ?? query.model),
            node: shown.map { plan?.name(of: $0.peer) ?? "" } ?? "", reason: reason, deadline: waitEnd(now),
            wake: wake { $0.woken() })
    }

    /// What a client that has to go is told: its place, and when a slot may be free.
    func waitHint(position: Int, model: ModelKey? = nil) -> WaitHint {
        let candidates = plan?.ranking.candidates ?? []
        let key = model ?? ModelKey(name: candidates.first?.servedModel ?? query.model)
        return WaitHint(
            position: position,
            estimatedMilliseconds: laneState.estimatedWait(position: position, model: key, peers: candidates.map(\.peer)),
            machines: candidates.count)
    }

    /// The line is full: a client may come back when those in it have been served.
    func lineIsFull(_ model: ModelKey) -> LaneFailure {
        let hint = waitHint(position: laneState.waitingCount(of: model) + 1, model: model)
        var failure = LaneFailure(
            503, "every machine is busy and the queue is full\(hint.words): try again later",
            retryAfterSeconds: hint.retryAfterSeconds)
        failure.hint = hint
        return failure
    }

    /// A client that asked for it (`X-Fleet-Progress: 102`) hears where it stands, at most once a second. Nobody else does: some
    /// packages take an interim answer for the answer.
    func sayPosition(_ position: Int, _ now: Instant) {
        guard head.has(.fleet), let front, front.isHTTP11, !front.isMesh, head.first(name: "x-fleet-progress") == "102",
            progressSaid.map({ now - $0 >= .seconds(1) }) ?? true
        else { return }
        progressSaid = now
        let hint = waitHint(position: position)
        front.write(
            HeadBuilder.buffer(guess: 160) { head in
                head.put("HTTP/1.1 102 Processing\r\n")
                for (name, value) in hint.headers { head.line(named: name, value) }
                head.put("\r\n")
            })
        front.flush()
    }

    /// In the head of an answer that had to wait.
    func writeWaitHeaders(to head: inout HeadBuilder) {
        if let linePosition { head.line("X-Fleet-Queue-Position: ", linePosition) }
        let all = waited + slotWaited
        if all > .zero { head.line("X-Fleet-Queue-Wait-Ms: ", Int(clamping: all.wholeMilliseconds)) }
    }

    // MARK: When this machine drains

    /// This machine takes no new work: a request that waits for its slot goes elsewhere, if another machine can serve it; else
    /// it keeps its place and is the last that is served here.
    func slotMoved(_ id: UInt64) {
        guard slot == id, slotWaitStarted != nil else { return }
        var query = query
        if query.model.isEmpty { query.model = hop.model ?? "" }
        query.excluded.append(laneState.selfID)
        guard !laneState.rank(query).candidates.isEmpty else { return }
        if isTarget {
            endAttempt(.busy, verdict: nil, reason: "draining")
            sayBusy(Busy(reason: "draining"))
        } else {
            attemptBusy("draining", retriesNow: state == .slotWait)
        }
    }
}
