import Store

extension TraceBody.Trace {
    /// The API's form of a row.
    init(_ row: TraceRow) {
        self.init(
            request_id: row.requestID, attempt: row.attempt ?? 1, model: row.model, original_model: row.originalModel,
            node_id: row.nodeID, status: row.status, timestamp: row.timestamp)
        score = row.score
        scores_breakdown = JSONText(row.scoresBreakdown)
        latency_ms = row.latencyMilliseconds
        time_to_first_token_ms = row.timeToFirstTokenMilliseconds
        prompt_tokens = row.promptTokens
        completion_tokens = row.completionTokens
        retry_count = row.retryCount
        fallback_used = row.fallbackUsed
        excluded_nodes = JSONText(row.excludedNodes)
        client_ip = row.clientIP
        original_format = row.originalFormat
        error_message = row.errorMessage
        tags = JSONText(row.tags)
        finish_reason = row.finishReason
        estimated_tokens = row.estimatedTokens
        backend = row.backend
        role = row.hop == 1 ? "target" : "entry"
        ticket_wait_ms = row.ticketWaitMilliseconds
        router_id = row.routerID
        router_epoch = row.routerEpoch.map(Int.init)
        candidates = JSONText(row.candidates)
        tries = JSONText(row.tries)
        rewrites = row.rewrites
        eliminated = JSONText(row.eliminated)
    }
}
