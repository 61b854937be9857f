import FastLane
import Foundation
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
        scoresBreakdown = trace.signals.flatMap { Self.json(Breakdown(signals: $0)) }
        latencyMilliseconds = trace.latencyMilliseconds
        timeToFirstTokenMilliseconds = trace.firstTokenMilliseconds
        promptTokens = trace.promptTokens
        completionTokens = trace.completionTokens
        retryCount = trace.retryCount
        fallbackUsed = trace.fallbackUsed
        excludedNodes = trace.excludedNodes.isEmpty ? nil : Self.json(trace.excludedNodes)
        clientIP = trace.clientIP.isEmpty ? nil : trace.clientIP
        originalFormat = trace.originalFormat
        errorMessage = trace.errorMessage
        tags = trace.tags.isEmpty ? nil : Self.json(trace.tags)
        finishReason = trace.finishReason
        estimatedTokens = trace.estimatedTokens
        attempt = trace.attempt
        backend = trace.backend.isEmpty ? nil : trace.backend
        hop = trace.hop
        ticketWaitMilliseconds = trace.ticketWaitMilliseconds
        routerID = trace.router?.id.hex
        routerEpoch = trace.router.map { Int64(clamping: $0.epoch) }
        routerMode = trace.router?.mode.rawValue
        candidates = Self.json(trace.candidates.map(CandidateText.init))
        tries = trace.tries.isEmpty ? nil : Self.json(trace.tries)
    }

    private static func json(_ value: some Encodable) -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The ten keys of ollama-herd's breakdown.
    private struct Breakdown: Encodable {
        let signals: Signals

        func encode(to encoder: any Encoder) throws {
            try signals.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(signals.total, forKey: .total)
        }

        private enum Key: String, CodingKey { case total }
    }

    /// A candidate as traces keep it.
    private struct CandidateText: Encodable {
        let peer: String
        let model: String
        let backend: String
        let score: Double
        let signals: Signals
        let record_version: String
        let record_age_ms: Int64
        let own_delta: Int

        init(_ candidate: Candidate) {
            peer = candidate.peer.hex
            model = candidate.servedModel
            backend = candidate.backend
            score = candidate.score
            signals = candidate.signals
            record_version = "\(candidate.recordVersion.generation).\(candidate.recordVersion.counter)"
            record_age_ms = candidate.recordAge.wholeMilliseconds
            own_delta = candidate.ownDelta
        }
    }
}
