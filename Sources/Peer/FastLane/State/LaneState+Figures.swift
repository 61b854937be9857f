public import Gossip
internal import Routing
internal import Synchronization

/// One machine and model of the figures.
struct NodeModelKey: Hashable {
    var node: String
    var model: String
}

extension LaneState {
    // MARK: Asked from outside

    /// The figures since the start.
    public var counters: LaneCounters {
        contents.withLock { contents in
            var counters = contents.counters
            counters.waiting = contents.line.count
            counters.models = contents.nodeModels.sorted { ($0.node, $0.model) < ($1.node, $1.model) }
            return counters
        }
    }

    /// A model of this machine can think; nil where its engine does not say what it can.
    func thinks(_ model: String) -> Bool? {
        let listed = view.me?.models?.available.first { ModelKey.canonical($0.name) == model }
        return listed.flatMap { $0.capabilities.isEmpty ? nil : $0.capabilities.contains("thinking") }
    }

    /// How many requests wait here because every machine was busy.
    public var waitingCount: Int { contents.withLock { $0.line.count } }

    /// The 75th percentile of a machine's whole latencies for a model, milliseconds; nil without a sample.
    public func latencyP75(peer: PeerID, model: ModelKey) -> Double? {
        contents.withLock { $0.latencies.p75(peer: peer, model: model) }
    }

    /// This machine's own figures for a model, for its reports: time to the first byte, milliseconds, and decode speed, tokens per
    /// second, both 75th percentiles.
    public func ownFigures(model: ModelKey) -> (firstTokenMilliseconds: Double?, tokensPerSecond: Double?) {
        contents.withLock { contents in
            (
                contents.firstTokens.p75(peer: contents.view.selfID, model: model),
                contents.speeds.p75(peer: contents.view.selfID, model: model)
            )
        }
    }

    /// Fills the latency history from stored rows at start.
    public func restoreLatency(peer: PeerID, model: ModelKey, milliseconds: Double) {
        contents.withLock { $0.latencies.record(peer: peer, model: model, milliseconds: milliseconds) }
    }

    /// A request to the mesh port had no token of this fleet.
    public func noteStranger() { count { $0.strangersRefused += 1 } }

    // MARK: Noted by requests

    func count(_ change: (inout LaneCounters) -> Void) { contents.withLock { change(&$0.counters) } }

    /// A request went to a machine.
    func dispatched(_ attempt: Attempt) {
        guard let version = attempt.candidate?.recordVersion else { return }
        contents.withLock { contents in
            contents.deltas.dispatched(to: attempt.peer, model: attempt.key, version: version)
            attempt.figures = contents.place(node: attempt.node, model: attempt.model)
            contents.change(attempt.figures) { $0.inFlight += 1 }
        }
    }

    /// A dispatched request is over at that machine.
    func ended(_ attempt: Attempt, outcome: Outcome, now: Instant) {
        guard let version = attempt.candidate?.recordVersion else { return }
        contents.withLock { contents in
            contents.deltas.completed(at: attempt.peer, model: attempt.key, dispatchedAt: version)
            contents.change(attempt.figures) { $0.inFlight -= 1 }
            switch outcome {
            case .completed(let milliseconds, let tokens):
                let served = now - (attempt.servedSince ?? attempt.started)
                contents.change(attempt.figures) { $0.noteCompleted(whole: milliseconds, served: served, tokens) }
                contents.latencies.record(peer: attempt.peer, model: attempt.key, milliseconds: milliseconds)
            case .busy:
                contents.counters.busy += 1
                contents.busyMarks.mark(attempt.peer, model: attempt.key, now: now)
            case .failed: contents.change(attempt.figures) { $0.failed += 1 }
            case .cancelled: break
            }
        }
    }

    /// This machine's own engine had no slot: nothing was sent.
    func refused(_ candidate: Candidate, now: Instant) {
        contents.withLock { contents in
            contents.counters.busy += 1
            contents.busyMarks.mark(candidate.peer, model: ModelKey(name: candidate.servedModel), now: now)
        }
    }

    /// A request waits for a machine, or does not any more.
    func pending(node: String, model: String, by change: Int) {
        contents.withLock { contents in
            let place = contents.place(node: node, model: ModelKey.canonical(model))
            contents.change(place) { $0.pending += change }
        }
    }

    /// An answer began: its conversation runs there, and the machine is not full any more.
    func committed(_ candidate: Candidate, _ key: ModelKey, _ query: RouteRequest, now: Instant) {
        contents.withLock { contents in
            contents.busyMarks.clear(candidate.peer, model: key)
            if let session = query.session { contents.affinity.ran(session: session, on: candidate.peer, now: now) }
            if let prefix = query.prefix { contents.affinity.ran(prefix: prefix, on: candidate.peer, now: now) }
        }
    }

    /// What an answer of this machine's own engines showed.
    func ranHere(model: ModelKey, firstTokenMilliseconds: Double?, tokensPerSecond: Double?) {
        contents.withLock { contents in
            if let value = firstTokenMilliseconds {
                contents.firstTokens.record(peer: contents.view.selfID, model: model, milliseconds: value)
            }
            if let value = tokensPerSecond {
                contents.speeds.record(peer: contents.view.selfID, model: model, milliseconds: value)
            }
        }
    }

    /// How a dispatched request ended at its machine.
    enum Outcome {
        case completed(milliseconds: Double, tokens: TokenCounts = TokenCounts())
        case failed
        case busy
        case cancelled
    }
}

extension LaneCounters.NodeModel {
    /// One more ended well.
    fileprivate mutating func noteCompleted(whole milliseconds: Double, served: Duration, _ tokens: TokenCounts) {
        completed += 1
        latencySum += milliseconds
        service.add(milliseconds: served.milliseconds)
        promptTokens += tokens.prompt ?? 0
        completionTokens += tokens.completion ?? 0
    }
}

extension LaneState.Contents {
    /// Pairs of machine and model that are counted; models come from engines' lists, so this is far away.
    private static let nodeModelLimit = 8192

    /// Where the figures of a machine and model stand; nil when there are too many pairs.
    mutating func place(node: String, model: String) -> Int? {
        let key = NodeModelKey(node: node, model: model)
        if let known = nodeModelPlaces[key] { return known }
        guard nodeModels.count < Self.nodeModelLimit else { return nil }
        nodeModels.append(LaneCounters.NodeModel(node: node, model: model))
        nodeModelPlaces[key] = nodeModels.count - 1
        return nodeModels.count - 1
    }

    mutating func change(_ place: Int?, _ change: (inout LaneCounters.NodeModel) -> Void) {
        if let place { change(&nodeModels[place]) }
    }
}
