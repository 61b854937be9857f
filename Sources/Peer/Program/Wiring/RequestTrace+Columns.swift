import FastLane
import Gossip
import Routing
import Store

extension RequestTrace {
    /// The shard's row of an attempt or of a request's end.
    func fill(_ values: inout RowBinder<TraceColumn>) {
        values.set(.requestID, requestID)
        values.set(.model, model)
        values.set(.originalModel, originalModel)
        values.set(.nodeID, nodeID)
        values.set(.score, score)
        if let signals { Self.text(.scoresBreakdown, &values) { TraceText.breakdown(signals, into: &$0) } }
        values.set(.status, status.rawValue)
        values.set(.latencyMilliseconds, latencyMilliseconds)
        values.set(.timeToFirstTokenMilliseconds, firstTokenMilliseconds)
        values.set(.promptTokens, promptTokens)
        values.set(.completionTokens, completionTokens)
        values.set(.retryCount, retryCount)
        values.set(.fallbackUsed, fallbackUsed)
        if !excludedNodes.isEmpty { Self.text(.excludedNodes, &values) { TraceText.strings(excludedNodes, into: &$0) } }
        if !clientIP.isEmpty { values.set(.clientIP, clientIP) }
        values.set(.originalFormat, originalFormat)
        values.set(.errorMessage, errorMessage)
        values.set(.timestamp, timestamp)
        if !tags.isEmpty { Self.text(.tags, &values) { TraceText.strings(tags, into: &$0) } }
        values.set(.finishReason, finishReason)
        values.set(.estimatedTokens, estimatedTokens)
        values.set(.attempt, attempt)
        if !backend.isEmpty { values.set(.backend, backend) }
        values.set(.hop, hop)
        values.set(.ticketWaitMilliseconds, ticketWaitMilliseconds)
        if let router {
            Self.text(.routerID, &values) { TraceText.hex(router.id, &$0) }
            values.set(.routerEpoch, Int64(clamping: router.epoch))
            values.set(.routerMode, router.mode.rawValue)
        }
        Self.text(.candidates, &values) { TraceText.candidates(candidates, into: &$0) }
        if !tries.isEmpty { Self.text(.tries, &values) { TraceText.tries(tries, into: &$0) } }
        if !rewrites.isEmpty { values.set(.rewrites, rewrites) }
        if !eliminated.isEmpty { Self.text(.eliminated, &values) { TraceText.eliminated(eliminated, into: &$0) } }
    }

    /// The shard's row of work done for another peer.
    func fill(_ values: inout RowBinder<ExecutionColumn>) {
        values.set(.requestID, requestID)
        values.set(.attempt, attempt)
        values.set(.entryNodeID, entry)
        values.set(.model, model)
        if !backend.isEmpty { values.set(.backend, backend) }
        values.set(.verdict, tries.last?.verdict == "busy" ? "busy" : "admit")
        values.set(.reason, errorMessage)
        values.set(.inFlight, loadAtAdmission?.inFlight)
        values.set(.queueDepth, loadAtAdmission?.queued)
        values.set(.backendMilliseconds, latencyMilliseconds)
        values.set(.status, status.rawValue)
        values.set(.promptTokens, promptTokens)
        values.set(.completionTokens, completionTokens)
        values.set(.routerEpoch, router.map { Int64(clamping: $0.epoch) })
        values.set(.timestamp, timestamp)
    }

    private static func text(
        _ column: TraceColumn, _ values: inout RowBinder<TraceColumn>, _ write: (inout RowBytes) -> Void
    ) {
        let start = values.bytes.count
        write(&values.bytes)
        values.setText(column, from: start)
    }
}
