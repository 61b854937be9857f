internal import Gossip
internal import NIOCore

extension LaneRequest {
    // MARK: Time limits, looked at by the loop's sweep

    func sweep(_ now: NIODeadline) {
        let silent = now - lastActivity
        switch state {
        case .receiving:
            guard !isBodyComplete, silent > TimeAmount(settings.clientIdle) else { return }
            fail(LaneFailure(408, "the request body did not arrive in time", closes: true), as: .rejected)
        case .slotWait:
            guard waitedSoFar(LaneClock.now) > slotWaitLimit else { return }
            if isTarget {
                fail(LaneFailure(503, "no slot came free in time", retryAfterSeconds: 2), as: .failed)
            } else {
                attemptBusy("slots")
            }
        case .awaitingHead where attempt?.isLocal == false && attempt?.isAdmitted == false:
            guard silent > TimeAmount(settings.admissionTimeout) else { return }
            upstreamSilent("it did not say admitted or busy in time")
        case .awaitingHead, .holding, .collecting:
            guard silent > TimeAmount(settings.firstByteIdle) else { return }
            noteReaped(silent)
            upstreamSilent("it sent nothing for too long")
        case .streaming:
            guard silent > TimeAmount(settings.streamIdle) else { return }
            if front?.isWritable == false {
                lastProblem = "the client did not read for too long"
                front?.closesUncleanly = true
                endAttempt(.cancelled, verdict: nil, reason: "")
                finish(.clientDisconnected)
            } else {
                noteReaped(silent)
                upstreamGone("it sent nothing for too long")
            }
        case .parked, .connecting, .done: break
        }
    }

    private var slotWaitLimit: Duration { hop.deadlineMilliseconds.map { .milliseconds($0) } ?? limits.ticketWait }

    /// An engine of this machine was silent for too long. One of another machine is that machine's to tell of.
    private func noteReaped(_ silent: TimeAmount) {
        guard let attempt, attempt.isLocal, !route.isManagement else { return }
        laneState.note(
            ReapedRequest(
                request: id, node: attempt.node, model: attempt.model, at: LaneClock.wallSeconds,
                silentMilliseconds: silent.nanoseconds / 1_000_000,
                ageMilliseconds: (LaneClock.now - arrived).wholeMilliseconds, hadOutput: state == .streaming))
    }

    private func upstreamSilent(_ reason: String) {
        noteTrouble(UpstreamTrouble(reason, .reset))
        attemptFailed(reason)
    }

    /// The machine is lost while it works for this request: try another, or end the stream with an error.
    func upstreamGone(_ reason: String) {
        switch state {
        case .connecting, .awaitingHead, .holding, .collecting: attemptFailed(reason)
        case .streaming:
            let withinChunk = back?.isWithinChunk ?? false
            lastProblem = "node \(attempt?.node ?? "") failed within the stream: \(reason)"
            breakOff(.failed, withinChunk: withinChunk)
            front?.flush()
        default: break
        }
    }

    /// The fleet's view changed: is the machine that works for this request still there?
    func viewChanged(_ view: FleetView) {
        guard let attempt, !attempt.isLocal, let member = view.member(attempt.peer) else { return }
        if member.status == .unreachable { upstreamGone("the mesh lost it") }
        if member.status == .asleep { upstreamGone("its machine went to sleep") }
    }
}
