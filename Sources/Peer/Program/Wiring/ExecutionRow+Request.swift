import FastLane
import Gossip
import Store

extension ExecutionRow {
    /// The shard's row of work done for another peer.
    init(_ trace: RequestTrace) {
        self.init(
            requestID: trace.requestID, attempt: trace.attempt, entryNodeID: trace.entry, model: trace.model,
            verdict: trace.tries.last?.verdict == "busy" ? "busy" : "admit", timestamp: trace.timestamp)
        backend = trace.backend.isEmpty ? nil : trace.backend
        reason = trace.errorMessage
        inFlight = trace.loadAtAdmission?.inFlight
        queueDepth = trace.loadAtAdmission?.queued
        backendMilliseconds = trace.latencyMilliseconds
        status = trace.status.rawValue
        promptTokens = trace.promptTokens
        completionTokens = trace.completionTokens
        routerEpoch = trace.router.map { Int64(clamping: $0.epoch) }
    }
}
