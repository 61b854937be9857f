internal import Gossip
internal import NIOCore
internal import NIOHTTP1
internal import Routing

extension LaneRequest {
    // MARK: To the client

    func send(_ bytes: ByteBuffer, to front: FrontHandler) {
        bytesOut += bytes.readableBytes
        front.write(bytes)
    }

    /// The first body byte is here: the head goes out, naming the machine that serves, and there is no way back.
    func commit() {
        guard let upstream, let front, let attempt else { return }
        let framing: ClientFraming =
            switch (upstream.framing, relay) {
            case (.none, _): .none
            case (.length(let count), _) where relay == .verbatim: .length(count)
            case (_, .bare): .close
            default: .chunked
            }
        var buffer = HeadWriter.response(status: upstream.statusText, framing: framing, keepAlive: front.keepsAlive)
        buffer.writeImmutableBuffer(upstream.lines)
        if isTarget {
            buffer.writeHeader("X-Herd-Load", laneState.loadHeader)
        } else {
            writeFleetHeaders(attempt, to: &buffer)
        }
        writeNotes(attempt, to: &buffer)
        for (name, value) in front.corsHeaders { buffer.writeHeader(name, value) }
        buffer.writeStaticString("\r\n")
        noteContext(status: upstream.status)
        state = .streaming
        sentStatus = upstream.status
        firstByte = LaneClock.now
        if framing == .close { front.closesAfterAnswer = true }
        dropBody()
        if let candidate = attempt.candidate, upstream.status < 400, !route.isManagement {
            laneState.committed(candidate, query, now: firstByte ?? arrived)
        }
        front.write(buffer)
        if !front.isWritable { back?.setReading(false) }
    }

    /// Which machine serves which model (herd-compat §1.1).
    func servedHeaders(_ attempt: Attempt) -> [(String, String)] {
        let isFallback = ModelKey.canonical(query.model) != attempt.model
        return [
            ("X-Fleet-Node", attempt.node),
            ("X-Fleet-Served-Model", isFallback ? attempt.candidate?.servedModel ?? attempt.model : query.model),
            ("X-Fleet-Requested-Model", query.model), ("X-Fleet-Fallback", isFallback ? "true" : "false"),
        ]
    }

    /// `X-Fleet-*`.
    private func writeFleetHeaders(_ attempt: Attempt, to buffer: inout ByteBuffer) {
        for (name, value) in servedHeaders(attempt) { buffer.writeHeader(name, value) }
        if let candidate = attempt.candidate {
            buffer.writeHeader("X-Fleet-Backend", candidate.backendKind.rawValue)
            buffer.writeHeader("X-Fleet-Score", "\(Int(max(-1e9, min(1e9, candidate.score))))")
            let signals = candidate.signals
            buffer.writeHeader(
                "X-Fleet-Affinity", signals.sessionAffinity > 0 ? "matched" : signals.prefixAffinity > 0 ? "prefix" : "new")
        }
        buffer.writeHeader("X-Fleet-Retries", "\(retryCount)")
        buffer.writeHeader("X-Herd-Request-Id", id)
    }

    /// Refuses or fails the request before any byte of an answer.
    func fail(_ failure: LaneFailure, as status: TraceStatus) {
        guard state != .done else { return }
        if lastProblem.isEmpty { lastProblem = failure.message }
        if status != .rejected || tries.isEmpty { lastProblem = failure.message }
        var headers: [(String, String)] = []
        if let seconds = failure.retryAfterSeconds { headers.append(("Retry-After", "\(seconds)")) }
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
        var buffer = HeadWriter.response(
            status: HeadWriter.statusText(held.status), framing: .length(body.readableBytes), keepAlive: front.keepsAlive)
        buffer.writeImmutableBuffer(held.lines)
        if held.status == 503, !held.lines.contains("Retry-After") { buffer.writeHeader("Retry-After", "2") }
        for (name, value) in front.corsHeaders { buffer.writeHeader(name, value) }
        if !isTarget {
            buffer.writeHeader("X-Fleet-Retries", "\(max(0, retryCount - 1))")
            buffer.writeHeader("X-Herd-Request-Id", id)
        }
        buffer.writeStaticString("\r\n")
        buffer.writeImmutableBuffer(body)
        send(buffer, to: front)
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
