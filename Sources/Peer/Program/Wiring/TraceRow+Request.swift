import FastLane
import Gossip
import Routing
import Store

extension TraceRow {
    /// The shard's row of an attempt or of a request's end.
    init(_ trace: RequestTrace) {
        self.init(
            requestID: trace.requestID, model: trace.model, originalModel: trace.originalModel, nodeID: trace.nodeID,
            status: trace.status.rawValue, timestamp: trace.timestamp)
        score = trace.score
        scoresBreakdown = trace.signals.map(TraceText.breakdown)
        latencyMilliseconds = trace.latencyMilliseconds
        timeToFirstTokenMilliseconds = trace.firstTokenMilliseconds
        promptTokens = trace.promptTokens
        completionTokens = trace.completionTokens
        retryCount = trace.retryCount
        fallbackUsed = trace.fallbackUsed
        excludedNodes = trace.excludedNodes.isEmpty ? nil : TraceText.strings(trace.excludedNodes)
        clientIP = trace.clientIP.isEmpty ? nil : trace.clientIP
        originalFormat = trace.originalFormat
        errorMessage = trace.errorMessage
        tags = trace.tags.isEmpty ? nil : TraceText.strings(trace.tags)
        finishReason = trace.finishReason
        estimatedTokens = trace.estimatedTokens
        attempt = trace.attempt
        backend = trace.backend.isEmpty ? nil : trace.backend
        hop = trace.hop
        ticketWaitMilliseconds = trace.ticketWaitMilliseconds
        routerID = trace.router?.id.hex
        routerEpoch = trace.router.map { Int64(clamping: $0.epoch) }
        routerMode = trace.router?.mode.rawValue
        candidates = TraceText.candidates(trace.candidates)
        rewrites = trace.rewrites.isEmpty ? nil : trace.rewrites
        tries = trace.tries.isEmpty ? nil : TraceText.tries(trace.tries)
    }
}
