import Foundation
import Gossip

/// The answer of `GET /fleet/queue`: ollama-herd's shape for the whole fleet, and who waits.
struct QueueBody: Encodable {
    /// Requests that are listed.
    static let waitingLimit = 256

    let queue_depth: Int
    let pending: Int
    let in_flight: Int
    let completed: Int
    let failed: Int
    let rejected: Int
    let estimated_wait_ms: Double?
    let nodes_online: Int
    let queues: [String: QueueStatus]
    /// Those of the asked peer first.
    let waiting: [QueueShare.Waiting]
    /// Peers that did not answer: what waits in their lines is not counted.
    let silent: [String]
    let timestamp: Double

    init(view: FleetView, own: QueueShare, others: QueueFacts.Others) {
        let shares = [own] + others.shares
        queues = QueueStatus.all(view: view, shares: shares)
        let all = Array(queues.values)
        // Who waits in a line without any machine that could serve is in no queue of a machine.
        let homeless = shares.reduce(0) { sum, share in
            sum + share.waiting.count { $0.reason == "unavailable" && $0.node_id.isEmpty }
        }
        pending = all.reduce(homeless) { $0 + $1.pending }
        in_flight = all.reduce(0) { $0 + $1.in_flight }
        queue_depth = pending + in_flight
        completed = all.reduce(0) { $0 + $1.completed }
        failed = all.reduce(0) { $0 + $1.failed }
        rejected = shares.reduce(0) { $0 + $1.rejected }
        let known = all.compactMap(\.p75_latency_ms)
        let slots = max(1, all.reduce(0) { $0 + $1.concurrency })
        // ollama-herd's formula: what waits, times the mean of the 75th percentiles, over the slots.
        estimated_wait_ms = known.isEmpty ? nil : Double(pending) * known.reduce(0, +) / Double(known.count) / Double(slots)
        nodes_online = view.members.filter { $0.status == .alive || $0.status == .suspect }.count
        waiting = Array(shares.flatMap(\.waiting).prefix(Self.waitingLimit))
        silent = others.silent
        timestamp = Date().timeIntervalSince1970
    }

    private enum CodingKeys: String, CodingKey {
        case queue_depth, pending, in_flight, completed, failed, rejected, estimated_wait_ms, nodes_online, queues, waiting,
            silent
        case timestamp
    }

    /// With `null` for a wait that nobody can tell.
    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(queue_depth, forKey: .queue_depth)
        try fields.encode(pending, forKey: .pending)
        try fields.encode(in_flight, forKey: .in_flight)
        try fields.encode(completed, forKey: .completed)
        try fields.encode(failed, forKey: .failed)
        try fields.encode(rejected, forKey: .rejected)
        try fields.encode(estimated_wait_ms, forKey: .estimated_wait_ms)
        try fields.encode(nodes_online, forKey: .nodes_online)
        try fields.encode(queues, forKey: .queues)
        try fields.encode(waiting, forKey: .waiting)
        try fields.encode(silent, forKey: .silent)
        try fields.encode(timestamp, forKey: .timestamp)
    }
}
