import API
import FastLane
import Foundation
import Gossip
import Mesh
import Routing

extension PeerParts {
    /// What the routes tell of the fleet's queues.
    func addQueue(to facts: inout PeerFacts) {
        let book = QueueBook(view: { [lane] in lane.view }) { [mesh] peer in
            try await mesh.ask(
                peer, path: QueueBook.path, body: Array("{}".utf8), limit: QueueShare.maximumBytes, timeout: QueueBook.patience)
        }
        facts.queue.own = { [self] in queueShare() }
        facts.queue.others = { await book.others() }
        facts.queue.maxRetries = { [lane] in lane.limits.maxTries - 1 }
        facts.queueShare = { [self] in (try? JSONEncoder().encode(queueShare())).map(Array.init) ?? [] }
    }

    /// This peer's part, at this moment.
    private func queueShare() -> QueueShare {
        let queue = lane.queue
        var share = QueueShare(node: nodeName)
        let names = modelNames()
        for load in queue.load.models {
            let model = names[load.model] ?? ""
            if let at = share.running.firstIndex(where: { $0.model == model }) {
                share.running[at].inFlight += load.inFlight
                share.running[at].queued += load.queued
            } else {
                share.running.append(.init(model: model, inFlight: load.inFlight, queued: load.queued))
            }
        }
        share.sent = queue.models.map { model in
            var sent = QueueShare.Sent(node: model.node, model: model.model)
            sent.inFlight = model.inFlight
            sent.pending = model.pending
            sent.completed = model.completed
            sent.failed = model.failed
            sent.latencySum = model.latencySum
            sent.promptTokens = model.promptTokens
            sent.completionTokens = model.completionTokens
            sent.serviceP75 = model.service.p75
            return sent
        }
        share.waiting = queue.waiting.prefix(QueueShare.waitingLimit).map { waiting in
            QueueShare.Waiting(
                request_id: waiting.request, at: share.node, model: waiting.model, node_id: waiting.node,
                class: "\(waiting.priority)", reason: waiting.reason.rawValue, position: waiting.position,
                waited_ms: waiting.waitedMilliseconds, estimated_wait_ms: waiting.estimatedMilliseconds.map { $0.rounded() },
                gives_up_in_ms: waiting.patienceMilliseconds)
        }
        share.waitingCount = queue.waiting.count
        share.rejected = queue.rejected
        return share
    }

    /// The names of this machine's models by their keys: the slot table knows only those.
    private func modelNames() -> [ModelKey: String] {
        var names: [ModelKey: String] = [:]
        for engine in lane.backends {
            for name in engine.models.keys { names[ModelKey(name: name)] = name }
        }
        return names
    }
}
