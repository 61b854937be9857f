internal import Gossip
internal import NIOCore
internal import Routing

extension LaneRequest {
    // MARK: What the upstream sends

    /// An interim response: from a peer, 102 says admitted.
    func upstreamInterim(_ status: Int) {
        lastActivity = loop.now
        guard status == 102, attempt?.isLocal == false else { return }
        attempt?.isAdmitted = true
        leaveLine()
        if let peer = attempt?.peer { laneState.report(.progress, of: peer) }
    }

    /// The head: kept back until the first body byte, unless it says that another machine should be tried.
    func upstreamHead(_ head: UpstreamHead) {
        lastActivity = loop.now
        guard let attempt else { return }
        if !attempt.isLocal {
            laneState.report(.progress, of: attempt.peer)
            if head.status == 429, let busy = head.busy { return dropAnswer { $0.attemptBusy($0.reason(ofBusy: busy)) } }
        }
        if head.status == 401, attempt.backend?.door?.hasKey == true { return keyRefused(status: 401) }
        if head.refused != nil, head.status != 400, head.status != 401 {
            return dropAnswer { $0.attemptFailed("it could not serve (status \(head.status))") }
        }
        if head.refused != nil || (head.status >= 500 && head.status != 501) {
            state = .collecting
            heldError = HeldError(status: head.status, lines: head.lines, body: ByteBuffer())
            return
        }
        leaveLine()
        takeNotes(head)
        translation?.turn(head)
        upstream = head
        watch = MarkerWatch(kind: head.status == 200 && route.hasLastMessage ? head.content : .whole, last: route.lastEvent)
        switch (head.framing, front?.isHTTP11 ?? true) {
        case (.none, _), (.length, _), (.chunked, true): relay = .verbatim
        case (.untilClose, true): relay = .encoded
        case (_, false): relay = .bare
        }
        holdForBudget()
        state = .holding
    }

    /// Leaves the rest of the answer to the connection and goes on without it.
    private func dropAnswer(_ then: (LaneRequest) -> Void) {
        let connection = back
        back = nil
        connection?.discardRest()
        then(self)
    }

    /// `X-Herd-Busy: reason;inflight;queue;eta_ms`
    private func reason(ofBusy text: String) -> String {
        String((text.split(separator: ";", omittingEmptySubsequences: false).first ?? "busy").prefix(32))
    }

    /// Body bytes without framing, before `upstreamBody` is called for the same bytes.
    func payload(_ bytes: UnsafeRawBufferPointer) {
        switch state {
        case .collecting:
            let room = HeldError.limit - (heldError?.body.readableBytes ?? 0)
            heldError?.body.writeBytes(UnsafeRawBufferPointer(rebasing: bytes.prefix(max(0, room))))
        case .holding, .streaming:
            guard translation == nil else { return translatePayload(bytes) }
            watch.feed(bytes)
            if relay != .verbatim { payloadBytes.writeBytes(bytes) }
        default: break
        }
    }

    /// Body bytes as they came.
    func upstreamBody(_ bytes: ByteBuffer) {
        lastActivity = loop.now
        if translation != nil, state == .holding || state == .streaming { return translatedBody() }
        if keepsHolding() { return }
        if state == .holding { commit(room: relay == .verbatim ? min(bytes.readableBytes, Self.shortBody) : 0) }
        guard state == .streaming, let front else { return }
        if relay == .verbatim { send(bytes, to: front) } else { sendPayload(to: front) }
    }

    /// What was taken out of the upstream's framing, in the client's.
    func sendPayload(to front: FrontHandler) {
        if payloadBytes.readableBytes > 0 { send(relay == .encoded ? Self.chunk(payloadBytes) : payloadBytes, to: front) }
        payloadBytes = ByteBuffer()
    }

    /// All that was read has been handed over: now the client gets it, in one write.
    func upstreamReadComplete() {
        if state == .streaming { front?.flush() }
    }

    /// The answer is over by its framing; whether it is whole, its marker says.
    func upstreamEnd(_ trailer: ByteBuffer?) {
        if translation != nil, state == .holding || state == .streaming { return translatedEnd() }
        let connection = back
        back = nil
        connection?.finish()
        switch state {
        case .collecting: return collected()
        case .holding where holdsWhole: return wholeEnd()
        case .holding: commit()
        case .streaming: break
        default: return
        }
        guard let front else { return }
        if watch.isComplete || watch.sawError {
            switch relay {
            case .verbatim: if let trailer { send(trailer, to: front) }
            case .encoded: send(ByteBuffer(string: "0\r\n\r\n"), to: front)
            case .bare: break
            }
            return succeed()
        }
        lastProblem = "node \(attempt?.node ?? "") ended the stream without its final message"
        breakOff(.incomplete)
    }

    func succeed() {
        let counts = counts
        let now = LaneClock.now
        let failed = watch.sawError || (upstream?.status ?? 200) >= 500
        let outcome: LaneState.Outcome = failed ? .failed : .completed(milliseconds: (now - arrived).milliseconds, tokens: counts)
        if failed { lastProblem = "the engine reported an error within the stream" }
        noteOwnFigures(counts, now: now)
        noteChangedModels()
        if !failed, watch.isComplete { keeping?.end() }
        let isTrial = attempt?.isTrial == true
        endAttempt(outcome, verdict: "served", reason: isTrial ? "tried beyond the assumed slots" : "")
        finish(failed ? .failed : counts.completion == 0 && route.kind != .embed ? .noOutput : .completed)
    }

    private func noteOwnFigures(_ counts: TokenCounts, now: Instant) {
        guard !route.isManagement, let attempt, attempt.isLocal, let firstByte, upstream?.status == 200, watch.isComplete else {
            return
        }
        let decode = now - firstByte
        let speed = counts.completion.flatMap { count -> Double? in
            count > 1 && decode > .milliseconds(1) ? Double(count - 1) / (decode.milliseconds / 1_000) : nil
        }
        laneState.ranHere(
            model: attempt.key, firstTokenMilliseconds: (firstByte - attempt.started).milliseconds,
            tokensPerSecond: speed)
    }

    /// An error answer is here in full.
    private func collected() {
        guard var held = heldError else { return }
        if let turned = translation?.error(held) {
            held = turned
            heldError = turned
        }
        let isFull = held.status == 503 && held.body.contains("maximum pending")
        if isTarget {
            endAttempt(isFull ? .busy : .failed, verdict: isFull ? "busy" : "failed", reason: "engine answered \(held.status)")
            lastProblem = "engine answered \(held.status)"
            answer(held)
        } else if isFull {
            attemptBusy("engine queue full")
        } else {
            attemptFailed("it answered \(held.status)")
        }
    }

    // MARK: When it breaks

    /// The connection broke or what came was not HTTP.
    func upstreamFailed(_ error: any Error, by connection: BackHandler) {
        guard back === connection else { return }
        back = nil
        let trouble = UpstreamTrouble(error)
        switch state {
        case .awaitingHead where connection.isReused && !connection.hasAnswered && attempt?.isReconnected == false:
            // It was closed while it lay in the pool: not the machine's fault.
            attempt?.isReconnected = true
            connect(fresh: true)
        case .awaitingHead, .holding, .collecting:
            noteTrouble(trouble)
            attemptFailed(trouble.words)
        case .streaming:
            noteTrouble(trouble)
            lastProblem = "node \(attempt?.node ?? "") failed within the stream: \(trouble.words)"
            breakOff(.failed, withinChunk: connection.isWithinChunk)
        default: break
        }
    }

    /// Ends an answer that cannot be whole: with an error event where the framing allows one, else by closing.
    func breakOff(_ status: TraceStatus, withinChunk: Bool = false) {
        guard let front, let head = upstream else { return }
        let isStream = head.status == 200 && head.content != .whole
        let hasRoom = relay != .verbatim || (head.framing == .chunked && !withinChunk)
        if isStream, hasRoom {
            let problem = "an error was encountered while running the model: \(lastProblem)"
            let event =
                translation?.abort(problem, elapsed: LaneClock.now - arrived)
                ?? ErrorWriter.event(problem, kind: head.content, dialect: route.dialect, atEventStart: watch.atEventStart)
            if relay == .bare {
                send(event, to: front)
            } else {
                send(Self.chunk(event), to: front)
                send(ByteBuffer(string: "0\r\n\r\n"), to: front)
            }
        } else {
            front.closesUncleanly = true
        }
        endAttempt(.failed, verdict: "failed", reason: lastProblem)
        finish(status)
    }

    /// One chunk around `bytes`.
    private static func chunk(_ bytes: ByteBuffer) -> ByteBuffer {
        guard bytes.readableBytes > 0 else { return ByteBuffer() }
        var buffer = ByteBufferAllocator().buffer(capacity: bytes.readableBytes + 16)
        buffer.writeString(String(bytes.readableBytes, radix: 16))
        buffer.writeStaticString("\r\n")
        buffer.writeImmutableBuffer(bytes)
        buffer.writeStaticString("\r\n")
        return buffer
    }
}

extension ByteBuffer {
    /// `word` occurs in the readable bytes.
    func contains(_ word: StaticString) -> Bool {
        withUnsafeReadableBytes { raw in
            let count = word.utf8CodeUnitCount
            guard raw.count >= count else { return false }
            return (0...raw.count - count).contains { from in
                (0..<count).allSatisfy { raw[from + $0] == word.utf8Start[$0] }
            }
        }
    }
}
