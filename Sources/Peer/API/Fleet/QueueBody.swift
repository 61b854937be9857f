import Foundation
import Gossip

/// The answer of `GET /fleet/queue`.
struct QueueBody: Encodable {
    let queue_depth: Int
    let pending: Int
    let in_flight: Int
    let completed: UInt64
    let failed: UInt64
    let estimated_wait_ms: Double?
    let nodes_online: Int
    let queues: [String: QueueStatus]
    let timestamp: Double

    init(view: FleetView, work: WorkFacts) {
        queues = QueueStatus.all(view: view, work: work)
        let all = Array(queues.values)
        pending = all.reduce(work.ticketsWaiting) { $0 + $1.pending }
        in_flight = all.reduce(0) { $0 + $1.in_flight }
        queue_depth = pending + in_flight
        completed = all.reduce(0) { $0 + $1.completed }
        failed = all.reduce(0) { $0 + $1.failed }
        let known = all.compactMap(\.p75_latency_ms)
        let slots = max(1, all.reduce(0) { $0 + $1.concurrency })
        // ollama-herd's formula: what waits, times the mean of the 75th percentiles, over the slots.
        estimated_wait_ms = known.isEmpty ? nil : Double(pending) * known.reduce(0, +) / Double(known.count) / Double(slots)
        nodes_online = view.members.filter { $0.status == .alive || $0.status == .suspect }.count
        timestamp = Date().timeIntervalSince1970
    }
}
