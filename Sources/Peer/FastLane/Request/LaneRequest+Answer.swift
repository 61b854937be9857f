internal import Gossip
internal import NIOCore
internal import NIOHTTP1
internal import Routing

extension LaneRequest {
    // MARK: To the client

    func send(_ bytes: ByteBuffer, to front: FrontHandler) {
        bytesOut += bytes.readableBytes
        keeping?.add(bytes)
        guard var start = headToWrite else { return front.write(bytes) }
        headToWrite = nil
        guard bytes.readableBytes <= Self.shortBody else {
            front.write(start)
            return front.write(bytes)
        }
        bytes.withUnsafeReadableBytes { _ = start.writeBytes($0) }
        front.write(start)
    }

    /// The first body byte is here: the head goes out, naming the machine that serves, and there is no way back.
    ///
    /// - Parameter room: of the body bytes that are sent next, if they are there: the head waits for them, and both are one write.
    func commit(room: Int = 0) {
        guard let upstream, let front, let attempt else { return }
        let framing: ClientFraming =
            switch (upstream.framing, relay) {
            case (.none, _): .none
            case (.length(let count), _) where relay == .verbatim: .length(count)
            case (_, .bare): .close
            default: .chunked
            }
        let buffer = HeadBuilder.buffer(guess: 512 + upstream.lines.readableBytes, room: room) { head in
            head.start(status: upstream.statusText, framing: framing, keepAlive: front.keepsAlive)
            head.put(upstream.lines)
            if isTarget {
                head.line("X-Herd-Load: ", laneState.loadHeader)
            } else {
                writeFleetHeaders(attempt, to: &head)
            }
            writeNotes(attempt, to: &head)
            if keeping != nil { head.put("X-Fleet-Cache: miss\r\n") }
            for (name, value) in front.corsHeaders { head.line(named: name, value) }
            head.put("\r\n")
        }
        keeping?.begin(upstream, framing, node: attempt.node, model: servedModel(attempt))
        noteContext(status: upstream.status)
        state = .streaming
        sentStatus = upstream.status
        firstByte = LaneClock.now
        if framing == .close { front.closesAfterAnswer = true }
        dropBody()
        if attempt.backend?.isTried == true { noteSpeech(attempt, upstream) }
        if let candidate = attempt.candidate, upstream.status < 400, !route.isManagement {
            laneState.committed(candidate, attempt.key, query, now: firstByte ?? arrived)
        }
        if room > 0 { headToWrite = buffer } else { front.write(buffer) }
        if !front.isWritable { back?.setReading(false) }
    }

    /// Which machine serves which model (herd-compat §1.1).
    func servedHeaders(_ attempt: Attempt) -> [(String, String)] {
        [
            ("X-Fleet-Node", attempt.node), ("X-Fleet-Served-Model", servedModel(attempt)),
            ("X-Fleet-Requested-Model", query.model), ("X-Fleet-Fallback", isFallback(attempt) ? "true" : "false"),
        ]
    }

    /// Another model than the one asked for.
    func isFallback(_ attempt: Attempt) -> Bool { askedKey != attempt.key }

    private func servedModel(_ attempt: Attempt) -> String {
        isFallback(attempt) ? attempt.candidate?.servedModel ?? attempt.model : query.model
    }

    /// `X-Fleet-*`.
    private func writeFleetHeaders(_ attempt: Attempt, to head: inout HeadBuilder) {
        let isFallback = isFallback(attempt)
        head.line("X-Fleet-Node: ", attempt.node)
        head.line("X-Fleet-Served-Model: ", servedModel(attempt))
        head.line("X-Fleet-Requested-Model: ", query.model)
        head.put(isFallback ? "X-Fleet-Fallback: true\r\n" : "X-Fleet-Fallback: false\r\n")
        if let candidate = attempt.candidate {
            head.line("X-Fleet-Backend: ", candidate.backendKind.rawValue)
            head.line("X-Fleet-Score: ", Int(max(-1e9, min(1e9, candidate.score))))
            let signals = candidate.signals
            head.put(
                signals.sessionAffinity > 0
                    ? "X-Fleet-Affinity: matched\r\n"
                    : signals.prefixAffinity > 0 ? "X-Fleet-Affinity: prefix\r\n" : "X-Fleet-Affinity: new\r\n")
        }
        head.line("X-Fleet-Retries: ", retryCount)
        if let name = route.timeHeader {
            let taken = LaneClock.now - attempt.started
            head.line(named: name, "\(taken.wholeMilliseconds)")
        }
        head.line("X-Herd-Request-Id: ", id)
        if linePosition != nil || slotWaited > .zero { writeWaitHeaders(to: &head) }
    }

    /// Refuses or fails the request before any byte of an answer.
    func fail(_ failure: LaneFailure, as status: TraceStatus) {
        guard state != .done else { return }
        if lastProblem.isEmpty { lastProblem = failure.message }
        if status != .rejected || tries.isEmpty { lastProblem = failure.message }
        var headers: [(String, String)] = []
        if let seconds = failure.retryAfterSeconds { headers.append(("Retry-After", "\(seconds)")) }
        if let hint = failure.hint { headers += hint.headers }
        // Nobody can do it: packages of OpenAI and Anthropic would ask twice more.
        if failure.status == 501 { headers.append(("X-Should-Retry", "false")) }
        if isTarget, !failure.isFinal { headers.append(("X-Herd-Refused", "\(failure.status)")) }
        if failure.closes { front?.closesAfterAnswer = true }
        let body = ErrorWriter.json(failure.message, status: failure.status, dialect: route.dialect)
        answer(status: failure.status, body: body, headers, namesCharset: failure.isUnread)
        endAttempt(.failed, verdict: attempt == nil ? nil : "failed", reason: failure.message)
        finish(status)
    }

    /// Writes a whole answer of our own.
    func answer(status: Int, body: ByteBuffer, _ headers: [(String, String)], namesCharset: Bool = false) {
        guard let front else { return }
        sentStatus = status
        var all = headers + front.corsHeaders
        if !isTarget { all += [("X-Fleet-Retries", "\(retryCount)"), ("X-Herd-Request-Id", id)] }
        let type: StaticString =
            namesCharset || route.dialect == .ollama ? "application/json; charset=utf-8" : "application/json"
        send(
            HeadWriter.answer(status: status, contentType: type, body: body, keepAlive: front.keepsAlive, headers: all),
            to: front)
    }

    /// Passes an engine's own error on: no machine was left to try.
    func answer(_ held: HeldError) {
        guard let front else { return }
        sentStatus = held.status
        var body = held.body
        if body.readableBytes == 0 || body.readableBytes >= HeldError.limit {
            body = ErrorWriter.json("the engine answered \(held.status)", status: held.status, dialect: route.dialect)
        }
        let answer = HeadBuilder.buffer(guess: 512 + held.lines.readableBytes + body.readableBytes) { head in
            head.start(
                status: HeadWriter.statusText(held.status), framing: .length(body.readableBytes), keepAlive: front.keepsAlive)
            head.put(held.lines)
            if held.status == 503, !held.lines.contains("Retry-After") { head.line("Retry-After: ", 2) }
            for (name, value) in front.corsHeaders { head.line(named: name, value) }
            if !isTarget {
                head.line("X-Fleet-Retries: ", max(0, retryCount - 1))
                head.line("X-Herd-Request-Id: ", id)
            }
            head.put("\r\n")
            head.put(body)
        }
        send(answer, to: front)
        finish(.failed)
    }

    /// Gives the request's bytes back: they are not needed after the first response byte.
    private func dropBody() {
        loop.giveBack(body.readableBytes)
        body = ByteBuffer()
    }

    /// The end, exactly once: counts, trace row, connection.
    func finish(_ status: TraceStatus) {
        guard state != .done else { return }
        leaveLine()
        if attempt != nil || slot != nil || back != nil { endAttempt(.cancelled, verdict: nil, reason: "") }
        state = .done
        dropBody()
        loop.remove(self)
        traceEnd(status)
        let bytes = bytesOut
        laneState.count { counters in
            counters.active -= 1
            counters.bytesOut += bytes
            switch status {
            case .completed, .noOutput: counters.completed += 1
            case .failed, .incomplete: counters.failed += 1
            case .clientDisconnected: counters.clientDisconnected += 1
            case .rejected: counters.rejected += 1
            case .retried: break
            }
        }
        let client = front
        front = nil
        client?.laneAnswered()
    }
}
