internal import Gossip
internal import Routing

extension LaneRequest {
    // MARK: Trace rows

    /// The row of an attempt that failed before the first body byte.
    func traceAttempt(_ reason: String) {
        guard !isTarget, let attempt else { return }
        var row = RequestTrace(row: .attempt, requestID: id, status: .retried)
        fill(&row)
        fill(&row, from: attempt)
        row.errorMessage = reason
        row.httpStatus = heldError?.status ?? 502
        row.latencyMilliseconds = (LaneClock.now - attempt.started).milliseconds
        row.retryCount = max(0, retryCount - 1)
        loop.sink.record(row)
    }

    /// The request's last row.
    func traceEnd(_ status: TraceStatus) {
        var row = RequestTrace(row: isTarget ? .execution : .terminal, requestID: id, status: status)
        fill(&row)
        if let last = lastAttempt {
            fill(&row, from: last)
        }
        let counts = counts
        row.promptTokens = counts.prompt
        row.completionTokens = counts.completion
        row.finishReason = counts.finishReason
        row.httpStatus = sentStatus
        row.latencyMilliseconds = (LaneClock.now - arrived).milliseconds
        row.firstTokenMilliseconds = firstByte.map { ($0 - arrived).milliseconds }
        if status != .completed, status != .noOutput { row.errorMessage = lastProblem.isEmpty ? nil : lastProblem }
        row.retryCount = retryCount
        row.bytes = bytesOut
        front?.charge(tokens(counts))
        loop.sink.record(row)
    }

    /// The engine's own count: out of the last bytes of the answer, or as the translation read it.
    func countTokensOfAnswer() -> TokenCounts { translation?.counts ?? translatedCounts ?? TokenCounts(tail: watch.tail) }

    /// Tokens for the client key's day. Engines leave the counts out of many streams, and a client that leaves early never sees
    /// them: then they are estimated from the bytes of a streamed token, its JSON and framing included.
    private func tokens(_ counts: TokenCounts) -> Int {
        guard firstByte != nil, sentStatus == 200, !route.isManagement else { return 0 }
        let prompt = counts.prompt ?? query.estimatedTokens
        guard route.kind.makesText else { return prompt }
        return prompt + (counts.completion ?? (isStream ? bytesOut / (route.dialect == .ollama ? 128 : 208) : bytesOut / 4))
    }

    /// The client asked for an answer in pieces, or its dialect streams where nothing is said.
    private var isStream: Bool { scan.stream ?? (route.dialect == .ollama) }

    /// What all rows of a request say. In place: a row has a score of references, which a copy would count.
    private func fill(_ row: inout RequestTrace) {
        row.originalModel = query.model.isEmpty ? hop.model ?? "" : query.model
        row.model = row.originalModel
        row.excludedNodes = query.excluded.map { plan?.name(of: $0) ?? $0.shortHex }
        row.clientIP = clientIP
        row.originalFormat = route.format
        row.operation = route.operation
        row.context = context
        row.isStreamed = route.kind.makesText && isStream
        row.timestamp = arrivedWall
        row.tags = tags
        row.estimatedTokens = query.estimatedTokens
        row.candidates = plan?.ranking.candidates ?? []
        row.eliminated = plan?.ranking.eliminated ?? []
        row.tries = tries
        row.ticketWaitMilliseconds = waited.milliseconds
        row.slotWaitMilliseconds = slotWaited.milliseconds
        row.hop = hop.hop
        row.entry = hop.entry
        row.router = plan?.view.router
        row.loadAtAdmission = loadAtAdmission
        row.attempt = isTarget ? hop.attempt : attemptCount
    }

    private func fill(_ row: inout RequestTrace, from attempt: Attempt) {
        row.attempt = attempt.number
        row.nodeID = attempt.node
        row.peer = attempt.peer
        row.model = attempt.candidate?.servedModel ?? attempt.model
        row.backend = attempt.backend?.id ?? attempt.candidate?.backend ?? ""
        row.backendKind = attempt.backend?.kind ?? attempt.candidate?.backendKind
        row.score = attempt.candidate?.score
        row.signals = attempt.candidate?.signals
        row.fallbackUsed = isFallback(attempt)
        if let rewrite = attempt.rewrite { row.rewrites = rewrite.notes.text }
    }
}
